import { errorEnvelope } from '@baton/contract'
import { z } from 'zod'

export interface ApiFault {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly remedy?: string | undefined
  readonly details?: unknown
}

/** An answer that was not a success. `status` 0 means that no answer came. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly remedy: string | undefined
  readonly details: unknown

  constructor(fault: ApiFault, options?: ErrorOptions) {
    super(fault.message, options)
    this.name = 'ApiError'
    this.status = fault.status
    this.code = fault.code
    this.remedy = fault.remedy
    this.details = fault.details
  }
}

/** better-auth answers `{ code, message }` without our envelope. */
const bareError = z.object({ code: z.string().optional(), message: z.string() })

/** Turns whatever a failed answer carried into an ApiError; never throws. */
export const readFault = (status: number, body: unknown): ApiError => {
  const ours = errorEnvelope.safeParse(body)
  if (ours.success) return new ApiError({ status, ...ours.data.error })
  const bare = bareError.safeParse(body)
  if (bare.success)
    return new ApiError({ status, code: bare.data.code ?? `http_${status}`, message: bare.data.message })
  return new ApiError({ status, code: `http_${status}`, message: `The server answered ${status} without saying why.` })
}
