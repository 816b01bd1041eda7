/** What every bench prints: one JSON line with at least these. */
export interface BenchResult {
  readonly name: string
  readonly figure: number
  readonly unit: string
  /** Measured in the same run. */
  readonly reference: number
  readonly referenceName: string
  /** figure ÷ reference. */
  readonly ratio: number
  readonly aim: string
  /** Null when the sizes are not those of the aim (`--quick`), so that nothing is compared. */
  readonly met: boolean | null
  /** What bounds the figure, sizes, percentiles and whatever else a reader needs. */
  readonly [more: string]: unknown
}

export interface BenchOptions {
  readonly quick: boolean
  /** `--people 100000` and so on: sizes by name. */
  readonly sizes: Readonly<Record<string, number>>
  /** Progress for the person who waits; never on standard output. */
  readonly say: (line: string) => void
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>
