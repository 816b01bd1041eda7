import { createContext, useContext, useEffect, useId } from 'react'

/** Told of a form whether something in it is unsaved. */
export type TellUnsaved = (form: string, isDirty: boolean) => void

/** Given by `UnsavedGuard`; outside it nobody asks. */
export const UnsavedContext = createContext<TellUnsaved>(() => {})

/** While something is unsaved, leaving the page asks first; moving within it (its tabs, its filters) does not. */
export const useUnsaved = (isDirty: boolean): void => {
  const tell = useContext(UnsavedContext)
  const form = useId()
  useEffect(() => {
    tell(form, isDirty)
    return () => tell(form, false)
  }, [tell, form, isDirty])
}
