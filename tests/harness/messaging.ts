import pino from 'pino'
import { type ChannelsDeps, createChannels, createEgress, createSecretBox } from '../../server/src/channels/index.ts'
import { createCollect } from '../../server/src/collect/index.ts'
import { createContent, createRenderPool, defaultTemplateId } from '../../server/src/content/index.ts'
import type { Turn, TurnOutcome } from '../../server/src/jobs/index.ts'
import {
  brandAs,
  hourMs,
  type JourneyId,
  movableClock,
  newId,
  type PersonId,
  type RunId,
  type SubjectId,
} from '../../server/src/kernel/index.ts'
import { createMessages, type MessageIntent, type RunLiveness } from '../../server/src/messages/index.ts'
import { createPeople } from '../../server/src/people/index.ts'
import { createPolicy, type Liveness } from '../../server/src/policy/index.ts'
import { createWorkspaces } from '../../server/src/workspaces/index.ts'
import { tombstoneKey } from './pipeline.ts'
import type { TestStores } from './stores.ts'

/** Noon of a summer Wednesday in UTC: no quiet hours in Europe. */
export const noon = Date.parse('2026-06-10T12:00:00Z')

export interface MessagingOptions {
  readonly smtpPort?: number
  readonly isSample?: boolean
  readonly smtpTimeouts?: ChannelsDeps['smtpTimeouts']
  readonly batchSize?: number
}

/** The rooms from policy to messages over a file's own stores, with people written straight into their tables. */
export const testMessaging = async (stores: TestStores, options: MessagingOptions = {}) => {
  const { postgres, clickhouse } = stores
  const clock = movableClock(noon)
  const log = pino({ level: 'silent' })
  const publicUrl = 'https://baton.example'
  const secret = 'a secret of thirty-two characters or more'
  const workspaces = await createWorkspaces({ postgres, clickhouse, clock, log, publicUrl, secret })
  const draft = { name: 'Toys', currency: 'EUR', timeZone: 'Europe/Madrid' }
  const { workspaceId } = await workspaces.create(draft, { ownerId: null, isSample: options.isSample ?? false })
  const collect = createCollect({ postgres, clock })
  await collect.tendPartitions()
  const domainNow = workspaces.domainNow
  const people = createPeople({ postgres, clickhouse, collect, currencyOf: async () => 'EUR', domainNow, tombstoneKey })
  const states = new Map<PersonId, readonly string[]>()
  const standing = { statesOf: async () => states }
  const policy = createPolicy({ postgres, people, standing, workspaces })
  const pool = createRenderPool({ children: 1 })
  const content = createContent({ postgres, clock, workspaces, pool, usesOf: async () => [] })
  const egress = createEgress({ allow: options.smtpPort === undefined ? [] : [`127.0.0.1:${options.smtpPort}`] })
  const secrets = createSecretBox(secret)
  const smtpTimeouts = options.smtpTimeouts ? { smtpTimeouts: options.smtpTimeouts } : {}
  const channels = createChannels({ postgres, clock, workspaces, policy, egress, secrets, ...smtpTimeouts })
  const runs = new Map<RunId, Liveness>()
  const liveness: RunLiveness = {
    check: async (_tx, _workspaceId, runIds) => new Map(runIds.map((runId) => [runId, runs.get(runId) ?? 'live'])),
  }
  const batch = options.batchSize === undefined ? {} : { batchSize: options.batchSize }
  const messages = createMessages({
    postgres,
    clock,
    collect,
    people,
    workspaces,
    standing,
    policy,
    content,
    channels,
    liveness,
    publicUrl,
    linkKey: secrets.key('links'),
    ...batch,
  })
  if (options.smtpPort !== undefined)
    await channels.changeEmail(
      workspaceId,
      {
        smtp: {
          host: '127.0.0.1',
          port: options.smtpPort,
          security: 'none',
          user: null,
          from: { name: 'Toys', address: 'toys@example.com' },
          dkim: null,
        },
      },
      'system',
    )

  const lease = { name: `test ${workspaceId}`, token: 1 }
  await stores.admin(`insert into lease values ($1, 'test', 1, 0)`, [lease.name])

  const person = async (email: string | null, given = true): Promise<{ personId: PersonId; subjectId: SubjectId }> => {
    const subjectId = newId<SubjectId>()
    const personId = brandAs<PersonId>(subjectId)
    await stores.admin('insert into subject values ($1, $2, $2, 0)', [workspaceId, subjectId])
    await stores.admin(`insert into identifier values ($1, 'userId', $2, $3, 0)`, [
      workspaceId,
      `user ${subjectId}`,
      subjectId,
    ])
    const traits = email === null ? {} : { email, firstName: 'Ada' }
    await stores.admin('insert into profile values ($1, $2, $3, $4, 0)', [
      workspaceId,
      subjectId,
      JSON.stringify(traits),
      JSON.stringify(Object.fromEntries(Object.keys(traits).map((key) => [key, 0]))),
    ])
    if (given)
      await policy.changePerson(
        workspaceId,
        personId,
        { consents: [{ purpose: 'inform', given: true, source: 'test', wording: '', expiresAt: null }] },
        'system',
      )
    return { personId, subjectId }
  }

  const intent = (
    to: { personId: PersonId; subjectId: SubjectId },
    change: Partial<MessageIntent> = {},
  ): MessageIntent => ({
    workspaceId,
    runId: newId<RunId>(),
    journeyId: newId<JourneyId>(),
    version: 1,
    stepId: 'mail',
    instance: 0,
    channel: 'email',
    templateId: defaultTemplateId(workspaceId, 'abandoned-cart'),
    topic: 'orders',
    purpose: 'inform',
    phase: 'purchase',
    ...to,
    plannedAt: noon,
    deadlineAt: noon + 24 * hourMs,
    began: { at: noon, occurredAt: noon },
    entryEvent: { name: 'Blocks', price: 12.5, currency: 'EUR', url: 'https://shop.example/cart' },
    ...change,
  })
  const plan = (...intents: MessageIntent[]) => postgres.inWorkspace(workspaceId, (tx) => messages.plan(tx, intents))

  /** Policy has heard all there is: nothing here is stated by events. */
  const hear = () =>
    stores.admin(
      `insert into stage_position (workspace_id, stage, lane, position, handled, updated_at)
       select $1, stage, 'live', coalesce(max(position), 0), 0, 0
       from unnest(array['people', 'policy']) stage left join log_entry on workspace_id = $1 group by stage
       on conflict (workspace_id, stage, lane) do update set position = excluded.position`,
      [workspaceId],
    )
  /** One turn; again where it has to wait, as the runner does. */
  const turn = async (change: Partial<Turn> = {}): Promise<TurnOutcome> => {
    await hear()
    const signal = new AbortController().signal
    const outcome = await messages.stage.turn({
      workspaceId,
      lane: 'live',
      now: await domainNow(workspaceId),
      lease,
      signal,
      ...change,
    })
    return outcome.retryInMs === undefined ? outcome : turn(change)
  }
  const ledger = () =>
    stores.admin<{ message_id: string; state: string; reason: string | null; due_at: number | null }>(
      'select message_id, state, reason, due_at::float8 as due_at from message where workspace_id = $1 order by planned_at, message_id',
      [workspaceId],
    )
  const transitions = async (messageId: string) =>
    (
      await stores.admin<{ to_state: string }>(
        'select to_state from message_transition where workspace_id = $1 and message_id = $2 order by sequence',
        [workspaceId, messageId],
      )
    ).map(({ to_state }) => to_state)
  const close = async () => {
    await channels.close()
    await content.close()
  }
  return {
    stores,
    postgres,
    clock,
    workspaceId,
    workspaces,
    collect,
    people,
    policy,
    content,
    channels,
    messages,
    confirmations: messages.confirmations,
    runs,
    states,
    lease,
    person,
    intent,
    plan,
    turn,
    ledger,
    transitions,
    close,
    secrets,
    publicUrl,
  }
}
export type TestMessaging = Awaited<ReturnType<typeof testMessaging>>
