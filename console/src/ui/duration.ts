/** Lengths of time as people enter and read them: a whole number of one unit. */
export const durationUnits = [
  ['second', 1_000],
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
  ['week', 604_800_000],
] as const
export type DurationUnit = (typeof durationUnits)[number][0]

export const unitMs = (unit: DurationUnit): number =>
  durationUnits.find(([name]) => name === unit)?.[1] ?? durationUnits[0][1]

/** The largest unit that divides it: 7,200,000 is 2 hours. Days up to 13 and all that are no whole weeks stay days. */
export const splitDuration = (ms: number): { readonly count: number; readonly unit: DurationUnit } => {
  const fits = durationUnits.filter(([unit, size]) => ms % size === 0 && (unit !== 'week' || ms >= 2 * size))
  const [unit, size] = fits.at(-1) ?? durationUnits[0]
  return { count: ms / size, unit: ms === 0 ? 'minute' : unit }
}
