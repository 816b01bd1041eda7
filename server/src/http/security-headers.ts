import { randomBytes } from 'node:crypto'
import type { FastifyHelmetOptions } from '@fastify/helmet'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'

export const newNonce = (): string => randomBytes(16).toString('base64url')

/**
 * Everything from this origin only; no inline script, inline styles by nonce. `upgrade-insecure-requests` only under https.
 * `framedBy`: who may show the page in a frame.
 */
export const contentSecurityPolicy = (nonce: string, isHttps: boolean, framedBy: "'none'" | '*' = "'none'"): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${framedBy}`,
    ...(isHttps ? ['upgrade-insecure-requests'] : []),
  ].join('; ')

/** The other headers; the policy above is ours because its nonce is also written into the page. */
export const helmetOptions = (isHttps: boolean): FastifyHelmetOptions => ({
  contentSecurityPolicy: false,
  crossOriginEmbedderPolicy: false,
  crossOriginResourcePolicy: { policy: 'same-origin' },
  strictTransportSecurity: isHttps ? { maxAge: 31_536_000 } : false,
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
})

/** An answer that is a page, for `schema.response`. */
export const pageAnswer = { content: { 'text/html': { schema: z.string() } } } as const

/**
 * Answers with HTML that somebody else wrote (a message's preview): it may show, not act. Neither scripts nor forms
 * run and nothing is fetched; to be shown by `<iframe sandbox src>` of a console page.
 */
export const sendSandboxedHtml = (reply: FastifyReply, html: string): FastifyReply =>
  reply
    .header(
      'content-security-policy',
      "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'",
    )
    .header('x-frame-options', 'SAMEORIGIN')
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(html)
