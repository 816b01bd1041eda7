import { z } from 'zod'
import type { App } from '../../server/src/http/index.ts'
import { newId, type WorkspaceId } from '../../server/src/kernel/index.ts'
import type { TestStores } from '../harness/stores.ts'

interface Owner {
  readonly workspaceId: WorkspaceId
  readonly headers: Readonly<Record<string, string>>
}

/** A thing of each kind that takes ids of other things, with its id by the word its address has: `templates`, … */
export const makeOwnThings = async (
  app: App,
  stores: TestStores,
  { workspaceId, headers }: Owner,
): Promise<Readonly<Record<string, string>>> => {
  const make = async (url: string, payload: object): Promise<unknown> =>
    (await app.inject({ method: 'POST', url, headers, payload })).json()
  const rule = { kind: 'event-count', event: 'Order Completed', is: 'at-least', value: 1 }
  const segment = await make('/v1/segments', { name: `Own ${newId<string>()}`, rule })
  const mjml = '<mjml><mj-body><mj-section></mj-section></mj-body></mjml>'
  const template = await make('/v1/templates', { name: `Own ${newId<string>()}`, subject: 'Hi', mjml, topic: 'offers' })
  const journey = await make('/v1/journeys', { name: `Own ${newId<string>()}`, template: 'abandoned-cart' })
  const personId = newId<string>()
  await stores.admin(`insert into subject values ($1, $2, $2, 1767225600000)`, [workspaceId, personId])
  await stores.admin(
    `insert into profile (workspace_id, subject_id, traits, trait_times, updated_at) values ($1, $2, '{}', '{}', 1767225600000)`,
    [workspaceId, personId],
  )
  return {
    segments: z.object({ segmentId: z.string() }).parse(segment).segmentId,
    templates: z.object({ templateId: z.string() }).parse(template).templateId,
    journeys: z.object({ journeyId: z.string() }).parse(journey).journeyId,
    people: personId,
  }
}
