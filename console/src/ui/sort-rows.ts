import type { CsvCell } from './csv.ts'

export interface Sort {
  readonly column: string
  readonly direction: 'up' | 'down'
}

const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const compare = (a: NonNullable<CsvCell>, b: NonNullable<CsvCell>): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b))

/** What is not known comes last in both directions; equal rows keep their order. */
export const sortRows = <Row>(
  rows: readonly Row[],
  value: (row: Row) => CsvCell,
  direction: Sort['direction'],
): readonly Row[] => {
  const sign = direction === 'up' ? 1 : -1
  return rows.toSorted((left, right) => {
    const a = value(left)
    const b = value(right)
    const missing = Number(a === null || a === undefined) - Number(b === null || b === undefined)
    if (missing !== 0) return missing
    return a === null || a === undefined || b === null || b === undefined ? 0 : sign * compare(a, b)
  })
}

/** A first click sorts figures from the largest and words from A, a second turns round, a third ends. */
export const nextSort = (sort: Sort | null, column: string, numeric: boolean): Sort | null => {
  const first = numeric ? 'down' : 'up'
  if (sort?.column !== column) return { column, direction: first }
  return sort.direction === first ? { column, direction: numeric ? 'up' : 'down' } : null
}
