/** An error as ClickHouse words it: `Code: 62. DB::Exception: … (SYNTAX_ERROR)`. */
export class ClickHouseException extends Error {
  override readonly name = 'ClickHouseException'
  readonly code: number
  constructor(code: number, text: string, options?: ErrorOptions) {
    super(text, options)
    this.code = code
  }
}

export const exception = (code: number, name: string, reason: string): ClickHouseException =>
  new ClickHouseException(code, `Code: ${code}. DB::Exception: ${reason}. (${name})`)

/** What the native library threw, told apart by the code its text begins with. */
export const exceptionOf = (error: unknown): ClickHouseException => {
  if (error instanceof ClickHouseException) return error
  const text = error instanceof Error ? error.message : String(error)
  const code = /^Code:\s*(\d+)\b/.exec(text)?.[1]
  if (code === undefined)
    return new ClickHouseException(1002, `Code: 1002. DB::Exception: ${text}. (UNKNOWN_EXCEPTION)`)
  return new ClickHouseException(Number(code), text.trimEnd(), { cause: error })
}

/** HTTP status by ClickHouse's own table (`exceptionCodeToHTTPStatus`), as far as it matters here. */
export const httpStatusOf = (code: number): number => {
  if (code === 516 || code === 193 || code === 194) return 403
  if (code === 164 || code === 497) return 403
  if (code === 60 || code === 81 || code === 46) return 404
  if (code === 202) return 503
  if (code === 159) return 408
  if (badRequest.has(code)) return 400
  return 500
}
/** Parse errors, unknown names, wrong parameters. */
const badRequest = new Set([6, 26, 27, 33, 36, 38, 41, 42, 43, 44, 47, 53, 62, 63, 69, 70, 72, 115, 117, 456, 457])
