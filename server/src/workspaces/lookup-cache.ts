import type { Clock, Milliseconds } from '../kernel/index.ts'

/** Remembers answers, absent ones too, for at most `ttlMs`; what is asked for twice at once is loaded once. */
export interface LookupCache<Value> {
  get(key: string): Promise<Value>
  /** After a change here; other processes see it when their answer is too old. */
  forget(): void
}

export const createLookupCache = <Value>(options: {
  readonly load: (key: string) => Promise<Value>
  readonly ttlMs: Milliseconds
  readonly maxEntries: number
  readonly clock: Clock
}): LookupCache<Value> => {
  const { load, ttlMs, maxEntries, clock } = options
  const entries = new Map<string, { readonly value: Promise<Value>; readonly at: number }>()

  const remember = (key: string): Promise<Value> => {
    const entry = { value: load(key), at: clock.now() }
    entries.delete(key)
    entries.set(key, entry)
    entry.value.catch(() => {
      if (entries.get(key) === entry) entries.delete(key)
    })
    const oldest = entries.keys().next()
    if (entries.size > maxEntries && oldest.done !== true) entries.delete(oldest.value)
    return entry.value
  }

  return {
    get: (key) => {
      const known = entries.get(key)
      const age = known === undefined ? Number.POSITIVE_INFINITY : clock.now() - known.at
      return known !== undefined && age >= 0 && age < ttlMs ? known.value : remember(key)
    },
    forget: () => entries.clear(),
  }
}
