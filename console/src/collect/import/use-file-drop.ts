import { useEffect, useEffectEvent, useState } from 'react'

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true

/** Takes a file dropped anywhere on the page, where a browser would otherwise open it. True while one hovers. */
export const useFileDrop = (onFile: (file: File) => void): boolean => {
  const [hovers, setHovers] = useState(false)
  const take = useEffectEvent(onFile)
  useEffect(() => {
    const hover = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setHovers(true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setHovers(false)
    }
    const drop = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setHovers(false)
      const file = event.dataTransfer?.files[0]
      if (file !== undefined) take(file)
    }
    window.addEventListener('dragover', hover)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', hover)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])
  return hovers
}
