import { expect, test } from 'vitest'
import { testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { type MessageId, must } from '../kernel/index.ts'
import { createFeedbackBook } from './feedback.ts'
import { readMessages } from './ledger-store.ts'

test('what many do at once goes into the log once each and stands there when it is answered, or soon after where that was cut off', async () => {
  const stores = await testStores()
  const m = await testMessaging(stores)
  const names = Array.from({ length: 16 }, (_, index) => `person${index}@example.com`)
  for (const name of names) await m.plan(m.intent(await m.person(name)))
  while ((await m.turn()).more);
  const ids = await stores.admin<{ id: MessageId }>('select message_id as id from message where workspace_id = $1', [
    m.workspaceId,
  ])
  const inLog = async (): Promise<number> => {
    const [row] = await stores.admin<{ events: number }>(
      'select sum(event_count)::float8 as events from log_batch where workspace_id = $1',
      [m.workspaceId],
    )
    return row?.events ?? 0
  }
  const messages = await m.postgres.inWorkspace(m.workspaceId, (tx) =>
    readMessages(
      tx,
      m.workspaceId,
      ids.map(({ id }) => id),
    ),
  )
  expect(messages).toHaveLength(names.length)
  const before = await inLog()
  const open = { kind: 'open', at: 1, properties: {} } as const
  await Promise.all(messages.map((message) => m.messages.feedback.report(m.workspaceId, message, open)))
  expect(await inLog()).toBe(before + names.length)
  expect(await m.messages.feedback.tell(m.workspaceId)).toBe(0)

  // The same, where that process ends before it has told: the messages stage does, without another occasion.
  const gone = () => Promise.reject(new Error('this process is no more'))
  await stores.admin('delete from wakeup')
  const interrupted = createFeedbackBook({ ...m, collect: { appendEvents: gone } })
  const [message] = messages
  const click = { kind: 'click', at: m.clock.now(), properties: {} } as const
  const owing = interrupted.report(m.workspaceId, must(message, 'there are some'), click)
  await expect(owing).rejects.toThrow('no more')
  const [wakeup] = await stores.admin<{ at: number }>(
    `select due_at::float8 as at from wakeup where workspace_id = $1 and stage = 'messages'`,
    [m.workspaceId],
  )
  const dueAt = must(wakeup, 'a turn was asked for').at
  const told = await inLog()
  expect(await m.turn()).toMatchObject({ handled: 0, dueAt })
  expect(await inLog()).toBe(told)
  m.clock.moveBy(dueAt - m.clock.now())
  expect(await m.turn()).toMatchObject({ more: true, dueAt: null })
  expect(await inLog()).toBe(told + 1)
  await m.close()
})
