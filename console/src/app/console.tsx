import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ApiError } from '../api/api-error.ts'
import { cssVariablesResolver, theme } from '../ui/theme.ts'
import { router } from './router.tsx'
import { styleNonce } from './style-nonce.ts'

/** Asking again helps when the server was away or busy, not when it refused; whoever waited to the limit is told at once. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 &&
  (!(error instanceof ApiError) || (error.status === 0 && error.code !== 'too-late') || error.status >= 502)

const queries = new QueryClient({
  defaultOptions: {
    // A Baton on one's own machine answers without a network, too; what cannot be asked must fail, not wait unseen.
    queries: {
      networkMode: 'always',
      staleTime: 10_000,
      retry: worthRetrying,
      retryDelay: (failures) => 500 * 2 ** failures,
    },
    mutations: { networkMode: 'always' },
  },
})

const colorScheme = localStorageColorSchemeManager({ key: 'baton.color-scheme' })

export const Console = () => (
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariablesResolver}
    defaultColorScheme="auto"
    colorSchemeManager={colorScheme}
    getStyleNonce={styleNonce}
  >
    <QueryClientProvider client={queries}>
      <Notifications position="bottom-right" limit={4} />
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>
)
