import { expect, test } from 'vitest'
import { testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { type MessageId, newId } from '../kernel/index.ts'
import type { OutgoingMail } from './channel-seam.ts'
import { mailbox } from './mailbox.ts'

test('mails handed over together are all there, once each; one that can’t be stored keeps no other back', async () => {
  const stores = await testStores()
  const { postgres, workspaceId, close } = await testMessaging(stores)
  const local = mailbox({ postgres })
  const mail = (text: string): OutgoingMail => ({
    workspaceId,
    messageId: newId<MessageId>(),
    personId: null,
    from: { name: 'Toys', address: 'toys@example.com' },
    to: { name: '', address: 'ann@example.com' },
    subject: text,
    html: `<p>${text}</p>`,
    text,
    raw: Buffer.from([0, 255, 92, 34, 39, 44]),
    at: 7,
  })
  const first = mail('one, "two"')
  const second = mail('{three}')
  const broken = mail('four\u0000')
  const signal = new AbortController().signal
  const outcomes = await Promise.allSettled(
    [first, second, broken, first].map((each) => local.handOver(each, {}, signal)),
  )
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  const stored = await stores.admin<{ subject: string; raw: Buffer; sender: string; recipient: string }>(
    'select subject, raw, sender, recipient from mailbox_mail where workspace_id = $1 order by subject',
    [workspaceId],
  )
  const parties = { sender: 'Toys <toys@example.com>', recipient: 'ann@example.com' }
  expect(stored).toEqual([
    { subject: 'one, "two"', raw: first.raw, ...parties },
    { subject: '{three}', raw: second.raw, ...parties },
  ])
  await close()
})
