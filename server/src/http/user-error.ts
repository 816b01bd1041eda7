import { type ErrorCode, statusOf } from './error-codes.ts'

export interface ErrorParts {
  /** What to do about it. */
  readonly remedy?: string
  readonly details?: unknown
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** Something the caller can mend: thrown anywhere below a route, answered in the error envelope. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly code: ErrorCode
  readonly statusCode: number
  readonly remedy: string | undefined
  readonly details: unknown
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, { cause: parts.cause })
    this.code = code
    this.statusCode = statusOf(code)
    this.remedy = parts.remedy
    this.details = parts.details
    this.retryAfterSeconds = parts.retryAfterSeconds
  }
}

/** `notFound('segment')`: the same words whether it never was or belongs to another workspace. */
export const notFound = (what: string): UserError =>
  new UserError('not-found', `There is no such ${what} in this workspace.`, {
    remedy: `Check the id against the list of ${what}s.`,
  })
