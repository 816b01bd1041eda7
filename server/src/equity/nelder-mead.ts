/**
 * The minimum of a function of a few variables without derivatives: the simplex of Nelder & Mead (Computer Journal 7,
 * 1965) with the coefficients 1, 2, ½, ½, started again from where it stopped until a restart gains nothing, because
 * a simplex can collapse short of a minimum (McKinnon 1998). Infinite and NaN values count as "not there".
 */
export interface Minimum {
  readonly point: readonly number[]
  readonly value: number
  readonly evaluations: number
  readonly converged: boolean
}

export interface NelderMeadOptions {
  /** First step along every axis. */
  readonly step?: number
  /** Stop when the simplex spans less than this in value, relative to 1 + |value|, … */
  readonly valueTolerance?: number
  /** … and less than this along every axis. */
  readonly pointTolerance?: number
  readonly maxEvaluations?: number
}

export const nelderMead = (
  objective: (point: readonly number[]) => number,
  start: readonly number[],
  options: NelderMeadOptions = {},
): Minimum => {
  const maxEvaluations = options.maxEvaluations ?? 4000
  let best = descend(objective, start, options, maxEvaluations)
  let evaluations = best.evaluations
  for (let restart = 0; restart < 5 && evaluations < maxEvaluations; restart += 1) {
    const next = descend(objective, best.point, { ...options, step: 0.1 }, maxEvaluations - evaluations)
    evaluations += next.evaluations
    const gained = best.value - next.value
    if (next.value <= best.value) best = next
    if (gained < 1e-9 * (1 + Math.abs(best.value))) return { ...best, evaluations }
  }
  return { ...best, evaluations, converged: false }
}

interface Vertex {
  readonly point: readonly number[]
  readonly value: number
}

const descend = (
  objective: (point: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, valueTolerance = 1e-12, pointTolerance = 1e-6 }: NelderMeadOptions,
  maxEvaluations: number,
): Minimum => {
  let evaluations = 0
  const at = (point: readonly number[]): Vertex => {
    evaluations += 1
    const value = objective(point)
    return { point, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value }
  }
  const origin = at(start)
  let simplex = [origin, ...start.map((_, axis) => at(start.map((x, i) => (i === axis ? x + step : x))))]
  while (evaluations < maxEvaluations) {
    simplex.sort((u, v) => u.value - v.value)
    const best = simplex[0] ?? origin
    const worst = simplex[simplex.length - 1] ?? origin
    const second = simplex[simplex.length - 2] ?? origin
    if (isSmall(simplex, best, worst, valueTolerance, pointTolerance)) return { ...best, evaluations, converged: true }

    const others = simplex.slice(0, -1)
    const centre = start.map((_, i) => others.reduce((sum, v) => sum + (v.point[i] ?? 0), 0) / others.length)
    const along = (distance: number): Vertex => at(centre.map((c, i) => c + distance * ((worst.point[i] ?? 0) - c)))

    const reflected = along(-1)
    if (reflected.value < best.value) {
      const expanded = along(-2)
      simplex = [...others, expanded.value < reflected.value ? expanded : reflected]
    } else if (reflected.value < second.value) {
      simplex = [...others, reflected]
    } else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5)
      simplex =
        contracted.value < Math.min(reflected.value, worst.value)
          ? [...others, contracted]
          : [best, ...simplex.slice(1).map((v) => at(v.point.map((x, i) => ((best.point[i] ?? 0) + x) / 2)))]
    }
  }
  simplex.sort((u, v) => u.value - v.value)
  return { ...(simplex[0] ?? origin), evaluations, converged: false }
}

const isSmall = (
  simplex: readonly Vertex[],
  best: Vertex,
  worst: Vertex,
  valueTolerance: number,
  pointTolerance: number,
): boolean =>
  worst.value - best.value <= valueTolerance * (1 + Math.abs(best.value)) &&
  simplex.every((v) => v.point.every((x, i) => Math.abs(x - (best.point[i] ?? 0)) <= pointTolerance))
