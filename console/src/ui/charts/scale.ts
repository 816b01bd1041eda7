export interface Scale {
  (value: number): number
  readonly ticks: readonly number[]
}

/** Steps of 1, 2, 2.5 or 5 times a power of ten that give about `count` ticks. */
const niceStep = (span: number, count: number): number => {
  const rough = span / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough) ?? 10
  return factor * power
}

/** A linear scale whose domain is widened to round ticks. A flat domain gets room on both sides. */
export const niceScale = (low: number, high: number, range: readonly [number, number], count = 5): Scale => {
  const [from, to] =
    low === high ? [low - Math.max(1, Math.abs(low) / 2), high + Math.max(1, Math.abs(high) / 2)] : [low, high]
  const step = niceStep(to - from, count)
  const first = Math.floor(from / step)
  const last = Math.ceil(to / step)
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
  const start = first * step
  const factor = (range[1] - range[0]) / ((last - first) * step)
  return Object.assign((value: number) => range[0] + (value - start) * factor, { ticks })
}

/** Exactly from `low` to `high`, for axes of time. */
export const linearScale = (low: number, high: number, range: readonly [number, number]) => {
  const factor = high === low ? 0 : (range[1] - range[0]) / (high - low)
  return (value: number): number => range[0] + (value - low) * factor
}
