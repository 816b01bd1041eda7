import { afterAll, expect, test } from 'vitest'
import { testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { newId, type SubjectId } from '../kernel/index.ts'

const stores = await testStores()
const m = await testMessaging(stores)
afterAll(m.close)

const mails = () => stores.admin<{ message_id: string }>('select message_id from mailbox_mail')
const clear = (ids: readonly string[], pseudonym: SubjectId) =>
  m.postgres.inWorkspace(m.workspaceId, (tx) => m.messages.clearErased(tx, m.workspaceId, { ids, pseudonym }))

test('an intent whose first byte has not left is cancelled; one that has begun is finished, told to nobody, and then cleared', async () => {
  const ada = await m.person('ada@example.com')
  await m.plan(m.intent(ada), m.intent(ada))
  // As a worker leaves them that is between intent and first byte, and between first byte and outcome.
  const rows = await m.ledger()
  const [waiting, leaving] = rows.map(({ message_id }) => message_id)
  await stores.admin(
    `update message set state = 'intent', due_at = null, intent_token = 1, intent_at = 0, carrier = 'mailbox',
    address = 'ada@example.com', title = 'Blocks', begun = message_id = $1`,
    [leaving],
  )
  await stores.admin(
    `insert into message_content (workspace_id, message_id, at, html, text_body)
    values ($1, $2, 0, '<p>Dear Ada</p>', 'Dear Ada')`,
    [m.workspaceId, leaving],
  )
  const pseudonym = newId<SubjectId>()
  expect(await clear([ada.subjectId], pseudonym)).toMatchObject({ isAnyUnderWay: true })
  expect(await m.transitions(waiting ?? '')).toEqual(['planned', 'cancelled'])

  await m.turn()
  expect(await m.ledger()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ message_id: waiting, state: 'cancelled', reason: 'erased' }),
      expect.objectContaining({ message_id: leaving, state: 'accepted' }),
    ]),
  )
  expect(await mails()).toEqual([{ message_id: leaving }])
  expect(await stores.admin('select 1 from message_feedback')).toEqual([])
  expect(await clear([ada.subjectId], pseudonym)).toMatchObject({ isAnyUnderWay: false })
  expect(await stores.admin('select address, title, entry_event from message')).toEqual([
    { address: null, title: null, entry_event: {} },
    { address: null, title: null, entry_event: {} },
  ])
  expect(await stores.admin('select 1 from message_content')).toEqual([])
  expect(await m.messages.balance(m.workspaceId)).toMatchObject({
    planned: 2,
    accepted: 1,
    cancelled: 1,
    balanced: true,
  })
})
