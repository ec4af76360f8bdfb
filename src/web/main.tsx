import '@mantine/core/styles/baseline.css'
import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/global.css'
import './theme/components.css'
import './theme/base.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Offline, Problem } from './api/client.ts'
import { LanguageProvider } from './i18n/language.tsx'
import { router } from './router.tsx'
import { colorScheme } from './theme/color-scheme.ts'
import { nonce } from './theme/nonce.ts'
import { theme } from './theme/theme.ts'

/** A refusal stays a refusal however often it is asked; only a server that was not reached is tried again. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, cause) => cause instanceof Offline && count < 2,
      refetchOnWindowFocus: false,
      // Without a connection a call fails and says so, instead of waiting for one in silence.
      networkMode: 'always',
      throwOnError: (cause) => !(cause instanceof Problem || cause instanceof Offline),
    },
    mutations: { networkMode: 'always' },
  },
})

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <LanguageProvider>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
)
