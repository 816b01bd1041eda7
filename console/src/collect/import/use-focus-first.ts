import { useEffect, useRef } from 'react'

/** Goes where the work goes on, once, when what had the focus has given way to this. */
export const useFocusFirst = <Part extends HTMLElement>(takesFocus = true) => {
  const part = useRef<Part>(null)
  useEffect(() => {
    if (takesFocus) part.current?.focus()
  }, [takesFocus])
  return part
}
