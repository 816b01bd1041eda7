/** HTTP kit: who may call what, errors, paging, security headers, the API's own description. */
export type { Access, App, Principal, Routes, SignedIn } from './access.ts'
export { principalOf, signedInOf } from './access.ts'
export type { Who } from './authenticate.ts'
export { csvOf, isoTime } from './csv-of-list.ts'
export { decodeCursor, encodeCursor, pageFrom } from './cursor.ts'
export { type ErrorCode, errorCodes } from './error-codes.ts'
export { createHttpServer, type DeclaredRoute, type HttpServerOptions } from './http-server.ts'
export {
  answersFor,
  may,
  mayGrant,
  permissionMeanings,
  permissionsOf,
  reaches,
  refuseOutside,
  rolePermissions,
} from './permissions.ts'
export { pageAnswer, sendSandboxedHtml } from './security-headers.ts'
export { type ErrorParts, notFound, UserError } from './user-error.ts'
