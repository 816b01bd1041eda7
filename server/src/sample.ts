import type { MailboxItem } from '@baton/contract'
import type { Logger } from 'pino'
import { z } from 'zod'
import { defaultTemplateId } from './content/index.ts'
import { createHttpServer } from './http/index.ts'
import type { Runner } from './jobs/index.ts'
import { brandAs, type Clock, type MessageId, OperatorError, type WorkspaceId } from './kernel/index.ts'
import type { Rooms } from './rooms.ts'
import { type ArrivedMail, createSampleShop, type MailAct, type SampleShop } from './sample-shop/index.ts'
import type { Postgres } from './stores/index.ts'
import { makeKey, stopKey } from './workspaces/index.ts'

/**
 * Connects the simulated shop to the rooms. What its team does (costs, segments, journeys) and what its customers do
 * with their mail goes through the HTTP API of this program, inside this process. What nobody else may do has doors of
 * its own: the workspace itself, colleagues who can't sign in, the moved clock, events received when they happened.
 */
export const connectSampleShop = async (deps: {
  readonly postgres: Postgres
  readonly rooms: Rooms
  readonly runner: Pick<Runner, 'hold' | 'settle'>
  readonly clock: Clock
  readonly log: Logger
  readonly publicUrl: string
}): Promise<{ readonly shop: SampleShop; readonly close: () => Promise<void> }> => {
  const { postgres, rooms, clock } = deps
  const { workspaces, messages, collect } = rooms
  const { app } = await createHttpServer({
    log: deps.log,
    publicUrl: deps.publicUrl,
    version: 'sample',
    who: workspaces.who,
    rooms: rooms.routes,
  })
  const keyDeps = { postgres, clock, workspaces }
  const keys = new Map<WorkspaceId, { key: string; keyId: string }>()

  const keyOf = async (workspaceId: WorkspaceId): Promise<string> => {
    const known = keys.get(workspaceId)
    if (known) return known.key
    const draft = { kind: 'api', name: 'Simulation', role: 'owner', scope: {} } as const
    const made = await makeKey(keyDeps, { workspaceId, actor: 'system' }, draft)
    keys.set(workspaceId, made)
    return made.key
  }

  const call = async (workspaceId: WorkspaceId, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) => {
    const headers = { authorization: `Bearer ${await keyOf(workspaceId)}` }
    const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
    if (answer.statusCode >= 400)
      throw new OperatorError(`The sample shop could not ${method} ${url}: ${answer.statusCode} ${answer.body}`)
    return answer
  }

  const follow = async (url: string, method: 'GET' | 'POST') => {
    const { pathname } = new URL(url)
    await app.inject({ method, url: pathname, ...(method === 'POST' ? { payload: {} } : {}) })
  }

  const arrivedAfter = async (workspaceId: WorkspaceId, after: ArrivedMail | null): Promise<readonly ArrivedMail[]> => {
    const found: ArrivedMail[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page = mailPage.parse((await call(workspaceId, 'GET', `/v1/mailbox?limit=100${query}`)).json())
      for (const mail of page.items) {
        if (after && mail.mailId === after.mailId) return found.reverse()
        found.push({ mailId: mail.mailId, at: mail.at, to: mail.to.replace(/^.*<|>$/g, '') })
      }
      cursor = page.next
    }
    return found.reverse()
  }

  const act = async (workspaceId: WorkspaceId, mailId: string, doing: MailAct): Promise<void> => {
    const link = { workspaceId, messageId: brandAs<MessageId>(mailId), url: '' }
    if (doing.kind === 'open') return follow(messages.links.of('open', link), 'GET')
    if (doing.kind === 'unsubscribe') return follow(messages.links.of('unsubscribe', link), 'POST')
    if (doing.kind === 'click')
      return follow(messages.links.of('click', { ...link, url: 'https://shop.lumen-and-lark.example/' }), 'GET')
    await call(workspaceId, 'POST', `/v1/mailbox/${mailId}/reply`, { text: doing.text ?? '' })
  }

  const shop = createSampleShop({
    postgres,
    collect,
    mail: { arrivedAfter, act },
    machineNow: clock.now,
    findSample: async () => (await workspaces.list()).find(({ isSample }) => isSample)?.workspaceId ?? null,
    createSample: async (name, clockAt) => {
      const draft = { name, currency: 'EUR', timeZone: 'Europe/Madrid' }
      const ownerId = await workspaces.firstUserId()
      const { workspaceId } = await workspaces.create(draft, { ownerId, isSample: true, clockAt, actor: 'system' })
      // The tracks begin at the sample's own time, before the first event.
      await rooms.lifeCycle.definition(workspaceId)
      return workspaceId
    },
    moveClock: workspaces.moveClock,
    hold: deps.runner.hold,
    settle: deps.runner.settle,
    addColleague: (workspaceId, person) => workspaces.addSimulatedMember(workspaceId, person),
    nameOwners: async (workspaceId, owners) => {
      await call(workspaceId, 'PUT', '/v1/phases', [...owners])
    },
    enterCosts: async (workspaceId, costs) => {
      for (const cost of costs) await call(workspaceId, 'POST', '/v1/costs', cost)
    },
    loseAfter: async (workspaceId, days) => {
      await call(workspaceId, 'PUT', '/v1/life-cycle/lost-after', { lostAfterDays: days })
    },
    saveSegment: async (workspaceId, segment) => {
      await call(workspaceId, 'POST', '/v1/segments', segment)
    },
    publishJourney: async (workspaceId, { name, draft }) => {
      const made = z
        .object({ journeyId: z.string() })
        .parse((await call(workspaceId, 'POST', '/v1/journeys', { name, draft })).json())
      await call(workspaceId, 'POST', `/v1/journeys/${made.journeyId}/publish`)
    },
    templateOf: defaultTemplateId,
  })
  return {
    shop,
    close: async () => {
      for (const [workspaceId, { keyId }] of keys)
        await stopKey(keyDeps, { workspaceId, actor: 'system' }, 'api', keyId)
      await app.close()
    },
  }
}

const mailPage: z.ZodType<{ items: Pick<MailboxItem, 'mailId' | 'at' | 'to'>[]; next: string | null }> = z.object({
  items: z.array(z.object({ mailId: z.string(), at: z.int(), to: z.string() })),
  next: z.string().nullable(),
})
