import { z } from 'zod'
import { answerLimitMs, type Method } from './answer-limit.ts'
import { ApiError, type ApiFault, readFault } from './api-error.ts'
import { chosenWorkspaceId } from './workspace-choice.ts'

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface CallOptions {
  readonly query?: Query | undefined
  readonly signal?: AbortSignal | undefined
  /** The whole answer must be here by then; without it, within `answerLimitMs`. */
  readonly limitMs?: number | undefined
  /** A status that carries an answer although it is no success. */
  readonly alsoAnswersWith?: number | undefined
}

/** For answers whose body does not matter. */
export const anyAnswer = z.unknown()

/** `/v1/people` and `{ q: 'ann', after: undefined }` to `/v1/people?q=ann`; null, undefined and '' are left out. */
export const withQuery = (path: string, query: Query = {}): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  if (given.length === 0) return path
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)]))
  return `${path}${path.includes('?') ? '&' : '?'}${search.toString()}`
}

const headersFor = (body: unknown): HeadersInit => {
  const workspace = chosenWorkspaceId()
  return {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': body instanceof Blob ? 'text/csv' : 'application/json' }),
    ...(workspace === null ? {} : { 'baton-workspace': workspace }),
  }
}

/** A file is streamed as it is; anything else is said as JSON. */
const contentOf = (body: unknown): BodyInit | null => {
  if (body === undefined) return null
  return body instanceof Blob ? body : JSON.stringify(body)
}

const send = async (
  method: Method,
  path: string,
  body: unknown,
  options: CallOptions,
): Promise<{ readonly response: Response; readonly answer: unknown }> => {
  const { signal, limitMs = answerLimitMs(method, path) } = options
  const limit = limitMs === undefined ? undefined : AbortSignal.timeout(limitMs)
  try {
    const response = await fetch(withQuery(path, options.query), {
      method,
      headers: headersFor(body),
      credentials: 'same-origin',
      signal: AbortSignal.any([signal, limit].filter((each) => each !== undefined)),
      body: contentOf(body),
    })
    return { response, answer: await readBody(response) }
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(limit?.aborted === true ? tooLate(method) : unreachable, { cause })
  }
}

const unreachable = {
  status: 0,
  code: 'unreachable',
  message: 'Baton does not answer.',
  remedy: 'Check that the server runs ("npm run baton -- doctor" says what does), then try again.',
}

const tooLate = (method: Method): ApiFault => ({
  status: 0,
  code: 'too-late',
  message: 'Baton takes too long to answer.',
  remedy:
    method === 'GET'
      ? 'Try again. If it stays so, the page Operations or "npm run baton -- doctor" says which part hangs or is overloaded.'
      : 'It may have been done all the same: look at it on a freshly loaded page before you try again. "npm run baton -- doctor" says which part hangs or is overloaded.',
})

const readBody = async (response: Response): Promise<unknown> => {
  const text = await response.text()
  if (text === '') return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed
  } catch {
    return undefined
  }
}

const call = async <S extends z.ZodType>(
  method: Method,
  path: string,
  schema: S,
  body: unknown,
  options: CallOptions,
): Promise<z.output<S>> => {
  const { response, answer } = await send(method, path, body, options)
  if (!response.ok && response.status !== options.alsoAnswersWith) throw readFault(response.status, answer)
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`)
  throw new ApiError({
    status: response.status,
    code: 'unexpected_answer',
    message: `${path} answered in a shape this console does not know (${where.join('; ')}).`,
    remedy: 'The console and the server may be of different versions: reload the page.',
  })
}

/** An answer that is read as it comes. */
const open = async (path: string, { query, signal }: Pick<CallOptions, 'query' | 'signal'>) => {
  const request = { headers: headersFor(undefined), credentials: 'same-origin', signal: signal ?? null } as const
  const response = await fetch(withQuery(path, query), request).catch((cause: unknown) => {
    throw signal?.aborted ? cause : new ApiError(unreachable, { cause })
  })
  if (!response.ok || response.body === null) throw readFault(response.status, await readBody(response))
  return response.body
}

/**
 * The public API, answers checked by their schema. Every failure is an ApiError (except an abort). A body that is a
 * file goes as `text/csv`.
 */
export const api = {
  open,
  get: <S extends z.ZodType>(path: string, schema: S, options: CallOptions = {}) =>
    call('GET', path, schema, undefined, options),
  post: <S extends z.ZodType>(path: string, body: unknown, schema: S, options: CallOptions = {}) =>
    call('POST', path, schema, body ?? {}, options),
  put: <S extends z.ZodType>(path: string, body: unknown, schema: S, options: CallOptions = {}) =>
    call('PUT', path, schema, body ?? {}, options),
  patch: <S extends z.ZodType>(path: string, body: unknown, schema: S, options: CallOptions = {}) =>
    call('PATCH', path, schema, body ?? {}, options),
  delete: <S extends z.ZodType>(path: string, schema: S, options: CallOptions = {}) =>
    call('DELETE', path, schema, undefined, options),
  /** An answer to be kept as a file, unread. */
  file: async (path: string): Promise<Blob> => {
    const asked = fetch(path, { headers: headersFor(undefined), credentials: 'same-origin' })
    const response = await asked.catch((cause: unknown) => {
      throw new ApiError(unreachable, { cause })
    })
    if (!response.ok) throw readFault(response.status, await readBody(response))
    return response.blob()
  },
}
