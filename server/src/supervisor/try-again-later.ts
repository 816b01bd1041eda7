/**
 * Runs work that the disk may refuse (full, read-only, a folder gone), which ends nobody's server: it is said once, and
 * again only when it has worked in between. `what` is the beginning of a sentence. False when it has to be tried again.
 */
export const createTryAgainLater = (say: (line: string) => void, what: string): ((work: () => void) => boolean) => {
  let isSaid = false
  return (work) => {
    try {
      work()
      isSaid = false
      return true
    } catch (error) {
      if (!isSaid) say(`${what}: ${error instanceof Error ? error.message : String(error)}. It is tried again.`)
      isSaid = true
      return false
    }
  }
}
