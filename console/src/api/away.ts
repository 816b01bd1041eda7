import { type Readiness, readiness as readinessSchema } from '@baton/contract'
import { api, type CallOptions } from './api.ts'
import { ApiError } from './api-error.ts'

/** A part of Baton is away: what was asked failed with `error`; `readiness` names the part, null where nothing answers. */
export interface Away {
  readonly kind: 'away'
  readonly error: ApiError
  readonly readiness: Readiness | null
}

/** With two of them a page knows within 15 s what fails: the question, and then /readyz, which gives itself 3 s. */
const answerWithinMs = 5_000

/** Asked anew this often while a part is away. */
export const askAgainMs = 3_000

/** The answer; or, where a part of Baton is away, which one: what can't be asked without PostgreSQL must not be silent about it. */
export const askOrNamePart = async <T extends object>(
  ask: (options: CallOptions) => Promise<T>,
  signal?: AbortSignal,
): Promise<T | Away> => {
  const options = { signal, limitMs: answerWithinMs }
  try {
    return await ask(options)
  } catch (error) {
    if (!isServerAway(error)) throw error
    return { kind: 'away', error, readiness: await askReadiness(options) }
  }
}

/** No answer, or one that says that the server can't: not a refusal of what was asked. */
export const isServerAway = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500)

export const isAway = (answer: object): answer is Away => 'kind' in answer && answer.kind === 'away'

/** It needs no sign-in, because where PostgreSQL is away nobody can be signed in. */
const askReadiness = async (options: CallOptions): Promise<Readiness | null> => {
  try {
    return await api.get('/readyz', readinessSchema, { ...options, alsoAnswersWith: 503 })
  } catch (error) {
    if (error instanceof ApiError) return null
    throw error
  }
}
