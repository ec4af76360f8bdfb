import { localStorageColorSchemeManager } from '@mantine/core'

/** Light or dark as the reader chose, else as the system says. */
export const colorScheme = localStorageColorSchemeManager({ key: 'usufruct.theme' })
