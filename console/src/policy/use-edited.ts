import { useState } from 'react'

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** A part of what is saved, and what somebody makes of it: where nothing is unsaved, newer data stands there at once. */
export const useEdited = <Part>(saved: Part) => {
  const [edit, setEdit] = useState<{ readonly value: Part } | null>(null)
  return {
    value: edit === null ? saved : edit.value,
    isDirty: edit !== null && !isSame(edit.value, saved),
    change: (value: Part) => setEdit(isSame(value, saved) ? null : { value }),
    /** `sent` was saved; what was typed since is unsaved. */
    settle: (sent: Part) => setEdit((now) => (now?.value === sent ? null : now)),
  }
}
