export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

const readWithinMs = 20_000

/** Longer than the server's own limit of a query, 30 s: a change that fails there says so itself. */
const changeWithinMs = 40_000

interface LongRequest {
  readonly method: Method
  readonly path: RegExp
  /** Null: as long as it takes; whoever began it can stop it. */
  readonly withinMs: number | null
}

/** What may take longer, and why. */
const longRequests: readonly LongRequest[] = [
  // A file of any size, over whatever line.
  { method: 'POST', path: /^\/v1\/imports$/, withinMs: null },
  { method: 'POST', path: /^\/v1\/costs\/import$/, withinMs: 180_000 },
  // Reads every order for up to a minute, then fits a model.
  { method: 'GET', path: /^\/v1\/equity\//, withinMs: 180_000 },
  { method: 'PUT', path: /^\/v1\/equity\//, withinMs: 180_000 },
]

/** How long a request waits for its whole answer, in ms; undefined: for ever. `path` is without its query. */
export const answerLimitMs = (method: Method, path: string): number | undefined => {
  const long = longRequests.find((each) => each.method === method && each.path.test(path))
  if (long !== undefined) return long.withinMs ?? undefined
  return method === 'GET' ? readWithinMs : changeWithinMs
}
