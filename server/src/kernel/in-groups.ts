/**
 * Does together what is asked for with one key while a group of it is under way: one transaction for many instead of one
 * each. Whoever asks while nothing is under way begins at once, together with all who ask in the same breath. A group that fails,
 * fails for each of its items.
 */
export const inGroups = <Key, Item, Answer>(
  most: number,
  doTogether: (key: Key, items: readonly Item[]) => Promise<Answer>,
): ((key: Key, item: Item) => Promise<Answer>) => {
  interface Waiting {
    readonly item: Item
    readonly resolve: (answer: Answer) => void
    readonly reject: (error: unknown) => void
  }
  const queues = new Map<Key, Waiting[]>()

  const work = async (key: Key, queue: Waiting[]): Promise<void> => {
    await Promise.resolve()
    while (queue.length > 0) {
      const group = queue.splice(0, most)
      try {
        const answer = await doTogether(
          key,
          group.map(({ item }) => item),
        )
        for (const { resolve } of group) resolve(answer)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    queues.delete(key)
  }

  return (key, item) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(key)
      const waiting = { item, resolve, reject }
      if (queue !== undefined) {
        queue.push(waiting)
        return
      }
      const begun = [waiting]
      queues.set(key, begun)
      void work(key, begun)
    })
}
