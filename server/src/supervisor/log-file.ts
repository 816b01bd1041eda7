import { closeSync, copyFileSync, ftruncateSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'

const largestBytes = 50 * 1024 * 1024

/** A file for the output of one child. It stays below 50 MB: the part before goes to `<name>.1.log`. */
export interface LogFile {
  readonly path: string
  readonly descriptor: number
  /** Sets the older part aside when the file has grown too large; called now and then. */
  trim(): void
  close(): void
}

export const openLogFile = (dataFolder: string, name: string): LogFile => {
  const folder = join(dataFolder, 'logs')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.log`)
  // Appending, so that a child goes on at the new end after the file was cut.
  const descriptor = openSync(path, 'a', 0o600)
  return {
    path,
    descriptor,
    trim() {
      if (statSync(path).size < largestBytes) return
      copyFileSync(path, join(folder, `${name}.1.log`))
      ftruncateSync(descriptor, 0)
    },
    close: () => closeSync(descriptor),
  }
}
