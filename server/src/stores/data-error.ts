import { ClickHouseError } from './clickhouse/index.ts'

/**
 * What ClickHouse says of a value it can't take (https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp);
 * everything else it says is about itself.
 */
const refusedByClickHouse = new Set([
  'ARGUMENT_OUT_OF_BOUND',
  'CANNOT_CONVERT_TYPE',
  'CANNOT_PARSE_DATE',
  'CANNOT_PARSE_DATETIME',
  'CANNOT_PARSE_ESCAPE_SEQUENCE',
  'CANNOT_PARSE_INPUT_ASSERTION_FAILED',
  'CANNOT_PARSE_NUMBER',
  'CANNOT_PARSE_QUOTED_STRING',
  'CANNOT_PARSE_TEXT',
  'CANNOT_PARSE_UUID',
  'DECIMAL_OVERFLOW',
  'ILLEGAL_DIVISION',
  'ILLEGAL_TYPE_OF_ARGUMENT',
  'INCORRECT_DATA',
  'TOO_DEEP_RECURSION',
  'TOO_LARGE_ARRAY_SIZE',
  'TOO_LARGE_STRING_SIZE',
  'TYPE_MISMATCH',
  'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE',
  'VIOLATED_CONSTRAINT',
])

/** PostgreSQL's classes 22 (data) and 23 (constraints), and 54000: a value too long for its index. */
const refusedByPostgres = /^(?:2[23][0-9A-Z]{3}|54000)$/

/** A store refuses a value, or our own code stumbles over one: not a matter of trying again. */
export const isDataError = (error: unknown): boolean => {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true
  if (error instanceof ClickHouseError) return error.type !== undefined && refusedByClickHouse.has(error.type)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && refusedByPostgres.test(code)
}
