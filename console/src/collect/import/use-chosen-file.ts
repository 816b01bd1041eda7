import { useState } from 'react'
import { type FileStart, readFileStart } from './file-start.ts'

export type ChosenFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly file: File }
  | ({ readonly file: File } & FileStart)

/** A file of this computer and its first rows; nothing of it is sent. */
export const useChosenFile = () => {
  const [chosen, setChosen] = useState<ChosenFile>({ kind: 'none' })
  const choose = async (file: File): Promise<void> => {
    setChosen({ kind: 'reading', file })
    const start = await readFileStart(file)
    // Another one may have been chosen meanwhile.
    setChosen((now) => (now.kind === 'reading' && now.file === file ? { file, ...start } : now))
  }
  return { chosen, choose: (file: File) => void choose(file), clear: () => setChosen({ kind: 'none' }) }
}
