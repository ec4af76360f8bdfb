import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Verdigris, for what is verified and for the one action of a screen. The components' shades point at the tokens, so light and dark agree. */
const verdigris: MantineColorsTuple = [
  'var(--accent-soft)',
  'var(--accent-soft)',
  'var(--accent-soft)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent-ink)',
]

export const theme = createTheme({
  colors: { verdigris },
  primaryColor: 'verdigris',
  primaryShade: 6,
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--sans)', fontWeight: '600' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
})
