import type { UseFormReturnType } from '@mantine/form'
import { useEffect, useState } from 'react'
import { changedFields } from './changed-fields.ts'

interface FormBaseOptions<Data, Values extends object> {
  readonly form: UseFormReturnType<Values>
  /** What the server answered last; its values were the form's first. */
  readonly newest: Data
  readonly valuesOf: (data: Data) => Values
  readonly isSaving: boolean
  /**
   * What becomes of newer data while something is unsaved: `merge` takes over the fields nobody typed into, `ask`
   * leaves all as it is and says `isBehind`.
   */
  readonly whenEdited: 'merge' | 'ask'
}

const sameData = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other)

/** What a flat form is an edit of. Newer data takes its place by itself while nothing is unsaved. */
export const useFormBase = <Data, Values extends object>(options: FormBaseOptions<Data, Values>) => {
  const { form, newest, valuesOf, isSaving, whenEdited } = options
  const [base, setBase] = useState(newest)
  const isNewer = !isSaving && !sameData(base, newest)
  const mayTake = isNewer && (whenEdited === 'merge' || !form.isDirty())

  /** Stands on `data` from now on; what was typed since `before` stays. */
  const rebase = (data: Data, before: Values): void => {
    const values = valuesOf(data)
    const typed = changedFields(form.getValues(), before)
    form.resetDirty(values)
    form.setValues({ ...values, ...typed })
    setBase(data)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each newer answer
  useEffect(() => {
    if (mayTake) rebase(newest, valuesOf(base))
  }, [mayTake, newest])

  return {
    base,
    /** There is newer data, and something is unsaved. */
    isBehind: isNewer && !mayTake,
    /** Takes the newer data in place of what was typed. */
    load: () => rebase(newest, form.getValues()),
    /** Keeps what was typed as an edit of the newer data. */
    keep: () => {
      form.resetDirty(valuesOf(newest))
      setBase(newest)
    },
    /** `data` was saved from `sent`: what was typed since is unsaved. */
    saved: rebase,
  }
}
