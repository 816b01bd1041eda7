import { useCallback, useState } from 'react'

interface Past<T> {
  readonly before: readonly T[]
  readonly now: T
  readonly after: readonly T[]
  /** What was changed last, and when: typing on in one field is one step back. */
  readonly last: { readonly what: string; readonly atMs: number }
}

const most = 100
const togetherMs = 1_200

/** Undo and redo over immutable values. */
export const useHistory = <T>(initial: T) => {
  const [past, setPast] = useState<Past<T>>(() => ({
    before: [],
    now: initial,
    after: [],
    last: { what: '', atMs: 0 },
  }))
  /** `what` names the field: edits of the same one in quick succession are undone together. */
  const change = useCallback((next: T, what = '') => {
    const atMs = performance.now()
    setPast((old) => {
      if (Object.is(next, old.now)) return old
      const goesOn = what !== '' && what === old.last.what && atMs - old.last.atMs < togetherMs
      const before = goesOn ? old.before : [...old.before.slice(-most), old.now]
      return { before, now: next, after: [], last: { what, atMs } }
    })
  }, [])
  /** Something else stands here now: there is no way back to what was before. */
  const begin = useCallback((next: T) => setPast({ before: [], now: next, after: [], last: { what: '', atMs: 0 } }), [])
  const undo = useCallback(
    () =>
      setPast((old) => {
        const former = old.before.at(-1)
        if (former === undefined) return old
        return {
          before: old.before.slice(0, -1),
          now: former,
          after: [old.now, ...old.after],
          last: { what: '', atMs: 0 },
        }
      }),
    [],
  )
  const redo = useCallback(
    () =>
      setPast((old) => {
        const [later, ...rest] = old.after
        if (later === undefined) return old
        return { before: [...old.before, old.now], now: later, after: rest, last: { what: '', atMs: 0 } }
      }),
    [],
  )
  return { now: past.now, change, begin, undo, redo, canUndo: past.before.length > 0, canRedo: past.after.length > 0 }
}
