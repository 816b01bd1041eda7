import { expect, test } from 'vitest'
import { testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import type { MessageId } from '../kernel/index.ts'
import { readMessages } from './ledger-store.ts'

test('what many do at once goes into the log once each, and stands there when it is answered', async () => {
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
  await m.close()
})
