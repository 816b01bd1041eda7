import { passwordMinLength } from '@baton/contract'
import { APIError, betterAuth } from 'better-auth'
import type { Logger } from 'pino'
import { z } from 'zod'
import { UserError } from '../http/index.ts'
import type { Postgres } from '../stores/index.ts'
import { hashPassword, verifyPassword } from './argon2-password.ts'
import { signInDatabase } from './sign-in-database.ts'

/** What a browser sends and gets: nothing else of a request reaches the sign-in library. */
export interface BrowserHeaders {
  readonly cookie: string | undefined
  readonly userAgent: string | undefined
}

/** Sessions of the console: opaque, hashed at rest, seven days from the last day they were used. */
export interface SignIn {
  readonly cookieName: string
  /** The session's token in a cookie's value, or null. */
  readToken(cookieValue: string | undefined): string | null
  /** Each gives the Set-Cookie lines of its answer. */
  signIn(from: BrowserHeaders, email: string, password: string): Promise<readonly string[]>
  signOut(from: BrowserHeaders): Promise<readonly string[]>
  /** Ends every session of the user; the one that asks gets a new one. */
  changePassword(from: BrowserHeaders, currentPassword: string, newPassword: string): Promise<readonly string[]>
  /** Lengthens a session that is used, once a day. */
  touch(from: BrowserHeaders): Promise<readonly string[]>
}

export interface SignInOptions {
  readonly postgres: Postgres
  readonly log: Logger
  readonly publicUrl: string
  /** Signs cookies; at least 32 random characters, the same for all processes of an installation. */
  readonly secret: string
}

export const createSignIn = async (options: SignInOptions): Promise<SignIn> => {
  const { postgres, log, publicUrl, secret } = options
  const auth = betterAuth({
    appName: 'Baton',
    baseURL: publicUrl,
    secret,
    database: signInDatabase(postgres),
    telemetry: { enabled: false },
    // Ours counts by account and address, before the password is looked at.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordMinLength,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(password, hash) },
    },
    session: { expiresIn: 7 * 86_400, updateAge: 86_400, freshAge: 0 },
    advanced: {
      cookiePrefix: 'baton',
      useSecureCookies: publicUrl.startsWith('https:'),
      ipAddress: { disableIpTracking: true },
      database: { validateSchema: false },
    },
    logger: {
      level: 'error',
      // Its further arguments may hold what people typed.
      log: (level, message) => log[level === 'error' ? 'error' : 'debug']({ part: 'sign-in' }, message),
    },
  })
  const { authCookies } = await auth.$context
  return {
    cookieName: authCookies.sessionToken.name,
    // `<token>.<signature>`; the signature adds nothing to 190 random bits that are looked up by their hash.
    readToken: (value) => value?.split('.', 1)[0] || null,
    signIn: async (from, email, password) => {
      if (!z.email().safeParse(email).success) throw refused()
      const body = { email, password }
      return refusedAsOurs(() => auth.api.signInEmail({ body, headers: headersOf(from), returnHeaders: true }))
    },
    signOut: (from) => refusedAsOurs(() => auth.api.signOut({ headers: headersOf(from), returnHeaders: true })),
    changePassword: (from, currentPassword, newPassword) => {
      const body = { currentPassword, newPassword, revokeOtherSessions: true }
      return refusedAsOurs(() => auth.api.changePassword({ body, headers: headersOf(from), returnHeaders: true }))
    },
    touch: (from) => refusedAsOurs(() => auth.api.getSession({ headers: headersOf(from), returnHeaders: true })),
  }
}

const headersOf = (from: BrowserHeaders): Headers =>
  new Headers({
    ...(from.cookie === undefined ? {} : { cookie: from.cookie }),
    ...(from.userAgent === undefined ? {} : { 'user-agent': from.userAgent.slice(0, 300) }),
  })

/** One answer for a wrong password, an unknown address and an ended session: nothing tells who has an account. */
const refusedAsOurs = async (call: () => Promise<{ readonly headers: Headers }>): Promise<readonly string[]> => {
  try {
    return (await call()).headers.getSetCookie()
  } catch (error) {
    if (error instanceof APIError && error.statusCode < 500) throw refused(error)
    throw error
  }
}

const refused = (cause?: unknown): UserError =>
  new UserError('sign-in-failed', 'E-mail and password do not belong together.', {
    remedy: 'Check both and try again.',
    cause,
  })
