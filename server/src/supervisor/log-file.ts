import { closeSync, copyFileSync, fstatSync, ftruncateSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'

const largestBytes = 50 * 1024 * 1024

/** A file for the output of one child. It stays below 50 MB: the part before goes to `<name>.1.log`. */
export interface LogFile {
  readonly path: string
  /** Where the next start of the child writes. */
  descriptor(): number
  /**
   * Sets the older part aside when the file has grown too large, and makes it anew when it was moved away; called now
   * and then. True when it was made anew: the child that runs writes into the one moved away until it starts again.
   * Throws what the disk says.
   */
  trim(): boolean
  close(): void
}

export const openLogFile = (dataFolder: string, name: string): LogFile => {
  const folder = join(dataFolder, 'logs')
  const path = join(folder, `${name}.log`)
  const open = (): number => {
    mkdirSync(folder, { recursive: true })
    // Appending, so that a child goes on at the new end after the file was cut.
    return openSync(path, 'a', 0o600)
  }
  let current = open()
  // Moved away under a child that still writes into them.
  const former: number[] = []
  const isInPlace = (): boolean => statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(current).ino
  return {
    path,
    descriptor: () => current,
    trim() {
      // What no name leads to any more would fill the disk unseen.
      for (const descriptor of former) {
        const { nlink, size } = fstatSync(descriptor)
        if (nlink === 0 && size >= largestBytes) ftruncateSync(descriptor, 0)
      }
      if (!isInPlace()) {
        const fresh = open()
        former.push(current)
        current = fresh
        return true
      }
      if (fstatSync(current).size < largestBytes) return false
      copyFileSync(path, join(folder, `${name}.1.log`))
      ftruncateSync(current, 0)
      return false
    },
    close() {
      for (const descriptor of [current, ...former.splice(0)]) closeSync(descriptor)
    },
  }
}
