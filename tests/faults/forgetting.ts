import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { erasures as erasurePage } from '../../contract/src/erasure.ts'
import { until } from '../harness/server-process.ts'
import { type ErasureVerdict, type Forgotten, judgeErasures, type ListedErasure } from '../harness/witness-verdict.ts'
import type { Installation } from './installation.ts'

/** Customers who want to be forgotten, from their only order to the end of their erasure. */
export interface Forgetting {
  /** Somebody of whom nothing is known yet, to be brought in under these names. */
  newcomer(): { readonly customer: string; readonly order: string }
  /** Erases everybody who is found by now; who could not be is tried again. */
  forget(): Promise<void>
  /** Resolves when no erasure waits for anything but ClickHouse; answers whether one still does. */
  untilRewritten(): Promise<boolean>
  /** Waits until every erasure is done, then looks for what is left, in every table and by the API. */
  compare(): Promise<{ readonly judged: ErasureVerdict; readonly erased: number }>
}

const found = z.object({ items: z.array(z.object({ personId: z.uuid() })) })
/** Of one customer and her order, whose random part is the same. */
const words = 'forgotten-(?:order-)?[0-9a-f-]{36}'
const idLength = 36
const erasedWithinMs = 300_000

export const createForgetting = ({ operation, matches }: Pick<Installation, 'operation' | 'matches'>): Forgetting => {
  const newcomers = new Set<string>()
  const asked = new Map<string, Forgotten>()

  const find = async (customer: string): Promise<string | undefined> =>
    found.parse(await operation.call('GET', `/v1/people?search=${customer}`)).items[0]?.personId
  const forgetOne = async (id: string): Promise<void> => {
    const personId = await find(`forgotten-${id}`)
    if (personId === undefined) return
    const known = asked.get(personId)
    asked.set(personId, known ?? { id, personId, erasureId: null })
    const { erasureId } = erasurePage.shape.items.element.parse(
      await operation.call('POST', `/v1/people/${personId}/erasure`),
    )
    asked.set(personId, { id, personId, erasureId })
    newcomers.delete(id)
  }
  const listed = async (): Promise<readonly ListedErasure[]> => {
    const all: ListedErasure[] = []
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`
      const page = erasurePage.parse(await operation.call('GET', `/v1/erasures?limit=100${cursor}`))
      all.push(...page.items)
      next = page.next
    }
    return all
  }
  const untilAll = (...states: readonly ListedErasure['state'][]) =>
    until(listed, (all) => all.every(({ state }) => states.includes(state)), erasedWithinMs)

  return {
    newcomer: () => {
      const id = randomUUID()
      newcomers.add(id)
      return { customer: `forgotten-${id}`, order: `forgotten-order-${id}` }
    },
    forget: async () => {
      // The server may be gone.
      for (const id of newcomers) await forgetOne(id).catch(() => undefined)
    },
    untilRewritten: async () => {
      const all = await untilAll('rewritten', 'done')
      return all.some(({ state }) => state === 'rewritten')
    },
    compare: async () => {
      const all = await untilAll('done')
      const places = await matches(words)
      const standing = [...places].flatMap(([place, texts]) =>
        [...texts].map((text) => ({ place, id: text.slice(-idLength) })),
      )
      for (const { id } of asked.values())
        if ((await find(`forgotten-${id}`)) !== undefined) standing.push({ place: 'API', id })
      return {
        judged: judgeErasures([...asked.values()], all, standing),
        erased: [...asked.values()].filter(({ erasureId }) => erasureId !== null).length,
      }
    },
  }
}
