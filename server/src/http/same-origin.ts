/** What a browser says about where a request comes from. */
export interface Provenance {
  readonly method: string
  readonly host: string
  readonly origin: string | undefined
  readonly secFetchSite: string | undefined
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * True unless a page of another site asks for a change. Browsers send Origin with every cross-site POST and
 * Sec-Fetch-Site with every request; what has neither is no browser, and SameSite=Lax stands behind this.
 * `publicUrl` is Baton's own address where a proxy does not pass the Host header on.
 */
export const isSameOrigin = (request: Provenance, publicUrl: string): boolean => {
  if (safeMethods.has(request.method)) return true
  if (request.origin !== undefined) return isOwnOrigin(request.origin, request.host, publicUrl)
  return request.secFetchSite === undefined || request.secFetchSite === 'same-origin' || request.secFetchSite === 'none'
}

const isOwnOrigin = (origin: string, host: string, publicUrl: string): boolean => {
  if (!URL.canParse(origin)) return false
  const from = new URL(origin)
  return from.host === host || from.origin === new URL(publicUrl).origin
}
