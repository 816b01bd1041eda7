import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { whereIs } from '../../../tests/harness/find-bytes.ts'
import { until } from '../../../tests/harness/server-process.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { type WholeRooms, wholeRooms } from '../../../tests/harness/whole-rooms.ts'
import { decodeBatch, rawEventsOf } from '../collect/index.ts'
import { defaultTemplateId } from '../content/index.ts'
import { dayMs, hourMs, must, newId, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'

const stores = await testStores()

const email = 'Planted.Needle@orchard.example'
const name = 'Needle McPlanted'
const anonymousId = 'needle-browser-77'
const userId = 'needle-user-99'
const planted = [email, name, anonymousId, userId, 'needle-message', 'needle-order', 'Needle Street']

const identify = { type: 'identify', userId, anonymousId, traits: { email, name, address: 'Needle Street 4' } }
const hers = [
  { type: 'page', anonymousId, messageId: 'needle-message-1' },
  { ...identify, messageId: 'needle-message-2' },
  {
    type: 'track',
    userId,
    event: 'Order Completed',
    messageId: 'needle-message-3',
    properties: { order_id: 'needle-order-1', revenue: 42, currency: 'EUR' },
  },
  { type: 'track', userId, event: 'Product Added', messageId: 'needle-message-4', properties: { cart_id: 'c' } },
  { type: 'nonsense', userId, messageId: 'needle-message-5' },
]
const others = Array.from({ length: 12 }, (_, n) => ({
  type: 'identify',
  userId: `other-${n}`,
  messageId: `other-message-${n}`,
  traits: { email: `other${n}@example.com`, n },
}))

const findHer = async ({ rooms, workspaceId }: Pick<WholeRooms, 'rooms' | 'workspaceId'>): Promise<PersonId> =>
  must(await rooms.people.find(workspaceId, 'email', email.toLowerCase()), 'she was identified')

const erase = async (
  { rooms, runner, workspaceId }: Pick<WholeRooms, 'rooms' | 'runner' | 'workspaceId'>,
  personId: PersonId,
) => {
  const { erasureId } = await rooms.erasures.request(workspaceId, personId, 'user:test')
  await runner.settle(workspaceId)
  return rooms.erasures.get(workspaceId, erasureId)
}

const statementOf = async ({ rooms, workspaceId }: WholeRooms) => {
  const { from, to } = { from: Date.now() - 3 * dayMs, to: Date.now() + 2 * dayMs }
  const { result, orders, balance } = await rooms.equity.statement(workspaceId, { from, to })
  return { result, orders, balance }
}

/** Every event of the log that is somebody else's, as it was sent, with its place and what became of it. */
const logOfOthers = async (workspaceId: WorkspaceId) => {
  const rows = await stores.admin<{ position: string; payload: Buffer; verdicts: Buffer }>(
    `select b.position, b.payload, v.verdicts from log_batch b join log_verdict v using (workspace_id, position)
     where b.workspace_id = $1 order by b.position`,
    [workspaceId],
  )
  return rows.flatMap(({ position, payload, verdicts }) =>
    decodeBatch(payload)
      .flatMap(rawEventsOf)
      .flatMap((raw, index) =>
        JSON.stringify(raw).includes('other')
          ? [
              `${position}:${index} ${JSON.stringify(raw)} ${verdicts.subarray(index * 17, index * 17 + 17).toString('hex')}`,
            ]
          : [],
      ),
  )
}

const people = async (workspaceId: WorkspaceId) =>
  stores.clickhouse.query<{ person_id: string }>({
    sql: 'select toString(person_id) as person_id from person final where workspace_id = {workspaceId:UUID} and not gone order by 1',
    params: { workspaceId },
  })

test('what was hers is nowhere, what is of others is as it was, also after a rebuild', async () => {
  const whole = await wholeRooms(stores)
  const { rooms, workspaceId, send, append } = whole
  await send(...others.slice(0, 4), ...hers, ...others.slice(4, 8))
  // Duplicates of hers, beside something new of another's.
  await send(...hers.slice(0, 2), { type: 'track', userId: 'other-1', event: 'Seen', messageId: 'other-again' })
  const personId = await findHer(whole)
  expect(await whereIs(stores, workspaceId, planted)).not.toEqual([])
  const statement = await statementOf(whole)
  await stores.admin(
    `insert into quarantined_item (workspace_id, stage, lane, kind, item, position, reason, at)
     values ($1, 'policy', 'live', 'event', 'needle-message-1', 1, $2, 1)`,
    [workspaceId, `can't take ${email}`],
  )

  // Some of hers are on their way through every stage when she asks.
  await append(...hers.map((event) => ({ ...event, messageId: `${event.messageId}-late` })), ...others.slice(8))
  const log = await logOfOthers(workspaceId)
  const done = await erase(whole, personId)
  expect(done).toMatchObject({ state: 'done', remains: null })

  const settledLog = (await logOfOthers(workspaceId)).map((line) => line.slice(0, -34))
  expect(settledLog).toEqual(expect.arrayContaining(log.map((line) => line.slice(0, -34))))
  expect(await whereIs(stores, workspaceId, planted)).toEqual([])
  for (const { userId: other } of others) expect(await rooms.people.find(workspaceId, 'userId', other)).not.toBeNull()
  expect(await statementOf(whole)).toEqual(statement)

  // The app owns none of these tables; the log's partitions were made after the migration that lets it vacuum.
  const vacuumed = () =>
    stores.admin<{ name: string }>(
      `select distinct regexp_replace(relname, '_\\d+$', '_day') as name from pg_stat_all_tables
       where last_vacuum is not null and relname ~ '^(identifier|log_batch_\\d+|log_verdict_\\d+)$' order by 1`,
    )
  const names = (await until(vacuumed, (found) => found.length === 3)).map((each) => each.name)
  expect(names).toEqual(['identifier', 'log_batch_day', 'log_verdict_day'])

  const before = await people(workspaceId)
  expect(before).toHaveLength(others.length)
  const rebuilt = await rooms.rebuild({ signal: new AbortController().signal, progress: () => undefined })
  expect(rebuilt.kind).toBe('rebuilt')
  expect(await people(workspaceId)).toEqual(before)
  expect(await whereIs(stores, workspaceId, planted)).toEqual([])
})

test('a message that waits for her is cancelled before the answer, and the ledger balances', async () => {
  const whole = await wholeRooms(stores)
  const { rooms, workspaceId, send } = whole
  await send(...hers)
  const personId = await findHer(whole)
  const plan = (plannedAt: number) => ({
    workspaceId,
    runId: newId<never>(),
    journeyId: newId<never>(),
    version: 1,
    stepId: 'mail',
    instance: 0,
    channel: 'email' as const,
    templateId: defaultTemplateId(workspaceId, 'abandoned-cart'),
    topic: 'orders',
    purpose: 'serve' as const,
    phase: 'purchase' as const,
    personId,
    subjectId: personId as string as SubjectId,
    plannedAt,
    deadlineAt: plannedAt + hourMs,
    began: { at: plannedAt, occurredAt: plannedAt },
    entryEvent: { name: 'Needle Street' },
  })
  await stores.postgres.inWorkspace(workspaceId, (tx) =>
    rooms.messages.plan(tx, [plan(Date.now() + hourMs), plan(Date.now() + 2 * hourMs)]),
  )
  const states = () =>
    stores.postgres.inWorkspace(workspaceId, async (tx) => {
      const { rows } = await sql<{ state: string; reason: string | null; hers: boolean }>`
        select state, reason, subject_id = ${personId} as hers from message`.execute(tx)
      return rows
    })
  expect(await states()).toEqual([
    { state: 'planned', reason: null, hers: true },
    { state: 'planned', reason: null, hers: true },
  ])
  const { erasureId } = await rooms.erasures.request(workspaceId, personId, 'user:test')
  expect(await states()).toEqual([
    { state: 'cancelled', reason: 'erased', hers: false },
    { state: 'cancelled', reason: 'erased', hers: false },
  ])
  await whole.runner.settle(workspaceId)
  expect(await rooms.erasures.get(workspaceId, erasureId)).toMatchObject({ state: 'done' })
  expect(await rooms.messages.balance(workspaceId)).toMatchObject({ planned: 2, cancelled: 2, balanced: true })
  expect(await whereIs(stores, workspaceId, planted)).toEqual([])
})

test('an erasure stands only together with the wake-up of the stage that carries it out', async () => {
  const whole = await wholeRooms(stores)
  const { rooms, workspaceId, send } = whole
  await send(...hers)
  const personId = await findHer(whole)
  await stores.admin(`
    create function fail_wakeups() returns trigger language plpgsql as $$ begin raise 'killed here'; end $$;
    create trigger fail_wakeups before insert on wakeup for each row when (new.stage = 'erasures')
      execute function fail_wakeups()`)
  await expect(rooms.erasures.request(workspaceId, personId, 'user:test')).rejects.toThrow('killed here')
  await stores.admin('drop trigger fail_wakeups on wakeup')
  expect(await rooms.erasures.ofPerson(workspaceId, personId)).toBeNull()
  expect(await erase(whole, personId)).toMatchObject({ state: 'done' })
})

test('all that were merged into her go with her; asked again, it is the same erasure', async () => {
  const whole = await wholeRooms(stores)
  const { rooms, workspaceId, send } = whole
  await send(
    { type: 'page', anonymousId: 'needle-phone', messageId: 'needle-message-a' },
    { type: 'page', anonymousId: 'needle-tablet', messageId: 'needle-message-b' },
  )
  const phone = must(await rooms.people.find(workspaceId, 'anonymousId', 'needle-phone'), 'a visitor')
  const tablet = must(await rooms.people.find(workspaceId, 'anonymousId', 'needle-tablet'), 'a visitor')
  await send(
    { ...identify, anonymousId: 'needle-phone', messageId: 'needle-message-c' },
    { ...identify, anonymousId: 'needle-tablet', messageId: 'needle-message-d' },
  )
  const done = await erase(whole, await findHer(whole))
  expect(done.personIds).toEqual(expect.arrayContaining([phone, tablet]))
  expect(done.eventsErased).toBe(4)
  expect(await whereIs(stores, workspaceId, ['needle', 'planted'])).toEqual([])
  for (const id of [phone, tablet]) expect(await rooms.erasures.request(workspaceId, id, 'user:other')).toEqual(done)
  await expect(rooms.erasures.request(workspaceId, newId<PersonId>(), 'user:test')).rejects.toThrow('person')
})

test('who comes back is somebody new; what she had sent before stays a duplicate; another workspace keeps its own', async () => {
  const whole = await wholeRooms(stores)
  const other = await wholeRooms(stores)
  await whole.send(...hers)
  await other.send(...hers)
  const personId = await findHer(whole)
  await erase(whole, personId)
  await whole.send(...hers.slice(0, 4))
  expect(await whole.rooms.people.find(whole.workspaceId, 'email', email.toLowerCase())).toBeNull()
  await whole.send({ ...identify, messageId: 'new-message' })
  const again = await findHer(whole)
  expect(again).not.toBe(personId)
  const facts = (await whole.rooms.people.get(whole.workspaceId, [again])).get(again)
  expect(facts?.subjects).toHaveLength(1)

  const elsewhere = await findHer(other)
  expect((await other.rooms.people.get(other.workspaceId, [elsewhere])).get(elsewhere)?.traits).toMatchObject({ name })
})

test('what was received in the bulk lane before she was erased, and handled after, brings nobody back', async () => {
  const whole = await wholeRooms(stores)
  const { rooms, runner, workspaceId, send } = whole
  await send(...hers)
  const personId = await findHer(whole)
  const release = runner.hold(workspaceId)
  const { erasureId } = await rooms.erasures.request(workspaceId, personId, 'user:test')
  await rooms.people.erasures.announce(workspaceId, { erasureId, personIds: [personId] })
  // In one turn the live lane hides her while these still wait.
  await rooms.collect.appendEvents(
    workspaceId,
    'bulk',
    [
      { ...identify, messageId: 'needle-message-bulk' },
      { type: 'identify', userId: 'other-bulk', messageId: 'bulk' },
    ],
    { source: 'import', historic: true },
  )
  release()
  await runner.settle(workspaceId)
  expect(await rooms.people.find(workspaceId, 'userId', 'other-bulk')).not.toBeNull()
  expect(await rooms.erasures.get(workspaceId, erasureId)).toMatchObject({ state: 'done' })
  expect(await rooms.people.find(workspaceId, 'userId', userId)).toBeNull()
  expect(await whereIs(stores, workspaceId, planted)).toEqual([])
})

test('while a file from before is still being imported, what it brings of hers is dropped, and she is not called done', async () => {
  const whole = await wholeRooms(stores)
  const { rooms, runner, workspaceId, send } = whole
  await send(...hers)
  const importId = newId<string>()
  await stores.admin(
    `insert into order_import (workspace_id, import_id, mapping, state, created_by, created_at, updated_at)
     values ($1, $2, '{}', 'receiving', 'user:test', $3, $3)`,
    [workspaceId, importId, Date.now() - hourMs],
  )
  await stores.admin(
    `insert into order_import_rejection values ($1, $2, 1, 'no-date', $3), ($1, $2, 2, 'no-date', $4)`,
    [workspaceId, importId, `7;${email};;12`, '8;other@example.com;;12'],
  )
  const { erasureId } = await rooms.erasures.request(workspaceId, await findHer(whole), 'user:test')
  const state = async () => (await rooms.erasures.get(workspaceId, erasureId)).state
  await until(state, (now) => now === 'cleared')
  await rooms.collect.appendEvents(
    workspaceId,
    'bulk',
    [
      { ...identify, messageId: 'needle-message-file' },
      { type: 'identify', userId: 'other-file', messageId: 'other-file' },
    ],
    { source: 'import', historic: true },
  )
  await until(
    () => rooms.people.find(workspaceId, 'userId', 'other-file'),
    (found) => found !== null,
  )
  expect(await rooms.people.find(workspaceId, 'userId', userId)).toBeNull()
  expect(await state()).toBe('cleared')
  await stores.admin(`update order_import set state = 'done' where import_id = $1`, [importId])
  await runner.settle(workspaceId)
  expect(await state()).toBe('done')
  expect(await whereIs(stores, workspaceId, planted)).toEqual([])
  const left = await stores.admin('select row_text from order_import_rejection where import_id = $1', [importId])
  expect(left).toEqual([{ row_text: '8;other@example.com;;12' }])
})
