import { isDeepStrictEqual } from 'node:util'

/** One difference between two declarative objects: where it is, and what stands there on either side (absent: undefined). */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved'
  /** Names of the parts that lead there; empty is the whole. */
  readonly path: readonly string[]
  /** Key of the part that differs; empty for the whole. */
  readonly key: string
  readonly before: unknown
  readonly after: unknown
}

export interface DifferenceOptions {
  /** Said as one, not taken apart. */
  isWhole?(value: unknown): boolean
  /** What an element of a list is called, counted from 0. */
  nameOf?(element: unknown, index: number, key: string): string
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What differs, in the order of the parts. Nothing differs if and only if both are deeply equal (a field that is undefined
 * is one that is not there). Lists of things with an `id` are compared by it, others from both ends; texts of several
 * lines line by line.
 */
export const differencesOf = (
  before: unknown,
  after: unknown,
  options: DifferenceOptions = {},
): readonly Difference[] => compare(before, after, [], '', options)

const compare = (
  before: unknown,
  after: unknown,
  path: readonly string[],
  key: string,
  options: DifferenceOptions,
): readonly Difference[] => {
  if (isDeepStrictEqual(before, after)) return []
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  const whole = { kind, path, key, before, after } as const
  if (kind !== 'changed' || options.isWhole?.(before) || options.isWhole?.(after)) return [whole]
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path, key, options)
  if (isFields(before) && isFields(after)) return compareFields(before, after, path, options)
  if (typeof before === 'string' && typeof after === 'string' && (before.includes('\n') || after.includes('\n')))
    return compareLines(before, after, path, key)
  return [whole]
}

const compareFields = (before: Fields, after: Fields, path: readonly string[], options: DifferenceOptions) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    compare(before[key], after[key], [...path, key], key, options),
  )

const idOf = (element: unknown): string | null =>
  isFields(element) && typeof element.id === 'string' ? element.id : null

const hasIds = (list: readonly unknown[]): boolean =>
  list.every((element) => idOf(element) !== null) && new Set(list.map(idOf)).size === list.length

const compareLists = (
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly string[],
  key: string,
  options: DifferenceOptions,
): readonly Difference[] => {
  const called = (element: unknown, index: number) => [
    ...path,
    options.nameOf?.(element, index, key) ?? idOf(element) ?? String(index + 1),
  ]
  if (!hasIds(before) || !hasIds(after)) {
    const { from, beforeEnd, afterEnd } = trim(before, after)
    return Array.from({ length: Math.max(beforeEnd, afterEnd) - from }, (_, offset) => from + offset).flatMap(
      (index) => {
        const [left, right] = [
          index < beforeEnd ? before[index] : undefined,
          index < afterEnd ? after[index] : undefined,
        ]
        return compare(left, right, called(right ?? left, index), key, options)
      },
    )
  }
  const old = new Map(before.map((element) => [idOf(element), element]))
  const now = new Map(after.map((element) => [idOf(element), element]))
  const parts = [
    ...before.flatMap((element, index) =>
      compare(element, now.get(idOf(element)), called(now.get(idOf(element)) ?? element, index), key, options),
    ),
    ...after.flatMap((element, index) =>
      old.has(idOf(element)) ? [] : compare(undefined, element, called(element, index), key, options),
    ),
  ]
  const kept = before.map(idOf).filter((id) => now.has(id))
  const keptNow = after.map(idOf).filter((id) => old.has(id))
  return isDeepStrictEqual(kept, keptNow) && (parts.length > 0 || kept.length === before.length)
    ? parts
    : [...parts, { kind: 'moved', path, key, before: before.map(idOf), after: after.map(idOf) }]
}

/** What is left when equal beginnings and ends are taken away. */
const trim = (before: readonly unknown[], after: readonly unknown[]) => {
  const shorter = Math.min(before.length, after.length)
  let from = 0
  while (from < shorter && isDeepStrictEqual(before[from], after[from])) from += 1
  let ends = 0
  while (ends < shorter - from && isDeepStrictEqual(before[before.length - 1 - ends], after[after.length - 1 - ends]))
    ends += 1
  return { from, beforeEnd: before.length - ends, afterEnd: after.length - ends }
}

/** More cells than this are not worth looking for the longest common lines: the stretch is said as one. */
const mostCells = 1_000_000

const compareLines = (before: string, after: string, path: readonly string[], key: string): readonly Difference[] => {
  const left = before.split('\n')
  const right = after.split('\n')
  const { from, beforeEnd, afterEnd } = trim(left, right)
  return stretches(left.slice(from, beforeEnd), right.slice(from, afterEnd)).map(({ gone, come, at }) => ({
    kind: gone.length === 0 ? 'added' : come.length === 0 ? 'removed' : 'changed',
    path: [...path, `line ${from + at + 1}`],
    key,
    before: gone.length === 0 ? undefined : gone.join('\n'),
    after: come.length === 0 ? undefined : come.join('\n'),
  }))
}

interface Stretch {
  /** Line of `left`, counted from 0. */
  readonly at: number
  readonly gone: string[]
  readonly come: string[]
}

/** The lines between the longest common ones. */
const stretches = (left: readonly string[], right: readonly string[]): readonly Stretch[] => {
  if (left.length * right.length > mostCells) return [{ at: 0, gone: [...left], come: [...right] }]
  const width = right.length + 1
  const common = new Uint32Array((left.length + 1) * width)
  const commonAt = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        left[i] === right[j] ? 1 + commonAt(i + 1, j + 1) : Math.max(commonAt(i + 1, j), commonAt(i, j + 1))
  const found: Stretch[] = []
  let open: Stretch | null = null
  const stretchAt = (at: number): Stretch => {
    open ??= { at, gone: [], come: [] }
    if (found.at(-1) !== open) found.push(open)
    return open
  }
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const [gone, come] = [left[i], right[j]]
    if (gone !== undefined && gone === come) {
      open = null
      i += 1
      j += 1
    } else if (come === undefined || (gone !== undefined && commonAt(i + 1, j) >= commonAt(i, j + 1))) {
      if (gone !== undefined) stretchAt(i).gone.push(gone)
      i += 1
    } else {
      stretchAt(i).come.push(come)
      j += 1
    }
  }
  return found
}
