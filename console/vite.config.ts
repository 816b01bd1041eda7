import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `BATON_API` is where `vite dev` and `vite preview` send API calls; the built console is served by Baton itself. */
const api = process.env.BATON_API ?? 'http://127.0.0.1:4400'
// The browser's own Host goes on: the server refuses changes whose Origin is not its Host.
const to = { target: api, changeOrigin: false }
const proxy = { '/v1': to, '/api': to, '/healthz': to, '/readyz': to }

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // data: URLs are outside the console's CSP, and the gzip report only costs time on first start.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: { host: '127.0.0.1', port: 4401, proxy },
  preview: { host: '127.0.0.1', port: 4402, proxy },
})
