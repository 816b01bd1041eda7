/** Runs the work of one key after another, in the order asked; other keys are not waited for. */
export const createExclusively = <Key>() => {
  const tails = new Map<Key, Promise<unknown>>()
  return async <T>(key: Key, work: () => Promise<T>): Promise<T> => {
    const before = tails.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    tails.set(key, mine)
    try {
      return await mine
    } finally {
      if (tails.get(key) === mine) tails.delete(key)
    }
  }
}
