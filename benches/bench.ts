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
  /**
   * Null when the sizes are not those of the aim (`--quick`, a smaller `--people`) or the line is void, so that nothing
   * is compared; at any size false when something is missing or wrong.
   */
  readonly met: boolean | null
  /** What is missing or wrong, in words; empty when all is well. */
  readonly faults: readonly string[]
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

/** Was the aim met? `wrong` counts by what it is that must not be, e.g. `{ 'requests were refused': 0 }`. */
export const verdict = <Name extends string>(run: {
  readonly sizes: Readonly<Record<Name, number>>
  /** Those of the aim; larger ones count, too. */
  readonly aimSizes: Readonly<Record<Name, number>>
  readonly wrong: Readonly<Record<string, number>>
  readonly reached: boolean
}): Pick<BenchResult, 'met' | 'faults'> => {
  const faults = Object.entries(run.wrong).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]))
  if (faults.length > 0) return { met: false, faults }
  const names: Name[] = Object.keys(run.aimSizes).filter((name): name is Name => name in run.sizes)
  const isOfAim = names.every((name) => run.sizes[name] >= run.aimSizes[name])
  return { met: isOfAim ? run.reached : null, faults }
}

/** Half a core busy with something else before a bench begins makes every figure of two cores void. */
export const mostLoad = 0.5

/** The line as it is printed: what was measured beside something else claims nothing. */
export const withLoadBefore = (result: BenchResult, loadBefore: number): BenchResult =>
  loadBefore > mostLoad
    ? { ...result, met: result.met && null, void: `load average was ${loadBefore.toFixed(2)} at the start` }
    : result
