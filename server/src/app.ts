/**
 * Baton's HTTP with every room mounted: `main.ts` hands over the rooms' routes in the order of the ladder, collect's
 * as `bareRooms`. The result is not listening yet; its `routes` are what the security matrix walks.
 */
export { createHttpServer as createApp, type HttpServerOptions as AppOptions } from './http/index.ts'
