/** Measure: figures computed from what happened, never typed in. So far the first page. */
export { createHome, type HomeDeps, type HomeEquity, type HomePage } from './home.ts'
export { homeRoutes } from './routes.ts'
