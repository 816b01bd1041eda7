import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { noon, type TestMessaging, testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { hourMs, must } from '../kernel/index.ts'

const stores = await testStores()
let m: TestMessaging
const opened: TestMessaging[] = []
beforeEach(async () => {
  m = await testMessaging(stores)
  opened.push(m)
})
afterAll(() => Promise.all(opened.map((one) => one.close())))

const mailbox = () =>
  stores.admin<{ recipient: string; subject: string; html: string; raw: Buffer }>(
    'select * from mailbox_mail where workspace_id = $1 order by at, recipient',
    [m.workspaceId],
  )

describe('the messages stage', () => {
  test('a planned message is decided, rendered, handed over once, and its outcome comes back as an event', async () => {
    const ada = await m.person('ada@example.com')
    const intent = m.intent(ada)
    await m.plan(intent, intent)
    await m.plan(intent)
    await m.turn()
    await m.turn()
    const [row] = await m.ledger()
    expect(row).toMatchObject({ state: 'accepted', reason: null, due_at: null })
    const messageId = must(row, 'planned').message_id
    expect(await m.transitions(messageId)).toEqual(['planned', 'rendered', 'intent', 'accepted'])
    const mails = await mailbox()
    expect(mails).toHaveLength(1)
    expect(mails[0]).toMatchObject({ recipient: 'ada@example.com', subject: 'Ada, your cart is still here' })
    expect(mails[0]?.html).toContain('Blocks')
    expect(mails[0]?.html).toContain('https://baton.example/c/')
    expect(mails[0]?.html).not.toContain('href="https://shop.example/cart"')
    const raw = must(mails[0], 'one mail').raw.toString().replaceAll('\r\n ', '')
    expect(raw).toMatch(/^List-Unsubscribe: <https:\/\/baton\.example\/u\/[\w-]+>\r$/m)
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
    const feedback = await stores.admin<{ feedback: string; told: boolean }>(
      'select feedback, told from message_feedback where workspace_id = $1 order by feedback',
      [m.workspaceId],
    )
    expect(feedback).toEqual([{ feedback: 'sent', told: true }])
    expect(await m.messages.balance(m.workspaceId)).toMatchObject({
      planned: 1,
      accepted: 1,
      onTheirWay: 0,
      balanced: true,
    })
  })

  test('that a mail arrived is told only in a sample, whose mailbox is all the world it has', async () => {
    const sample = await testMessaging(stores, { isSample: true })
    opened.push(sample)
    for (const each of [m, sample]) {
      await each.plan(each.intent(await each.person('made-up@example.com')))
      await each.turn()
    }
    const told = await stores.admin<{ feedback: string }>(
      `select workspace_id = $1 as "isSample", feedback from message_feedback where workspace_id in ($1, $2) order by 1, 2`,
      [sample.workspaceId, m.workspaceId],
    )
    expect(told).toEqual([
      { isSample: false, feedback: 'sent' },
      { isSample: true, feedback: 'delivered' },
      { isSample: true, feedback: 'sent' },
    ])
  })

  test('one that can’t be dealt with is dropped with the reason, and eleven others go', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, (_, n) => m.person(`p${n}@parts.example`)))
    await m.plan(...people.map((person) => m.intent(person)))
    const ill = people[5]?.subjectId
    const [bad] = await stores.admin<{ id: string }>('select message_id as id from message where subject_id = $1', [
      ill,
    ])
    await stores.admin(`alter table message_content add constraint no_poison check (message_id <> '${bad?.id}')`)
    await m.turn()
    await m.turn()
    await stores.admin('alter table message_content drop constraint no_poison')
    expect((await mailbox()).map((mail) => mail.recipient).sort()).toEqual(
      people
        .map((_, n) => `p${n}@parts.example`)
        .filter((address) => address !== 'p5@parts.example')
        .sort(),
    )
    expect((await m.ledger()).filter((row) => row.state !== 'accepted')).toMatchObject([
      { state: 'dropped', reason: 'failed', due_at: null },
    ])
    expect(await m.messages.balance(m.workspaceId)).toMatchObject({ planned: 12, accepted: 11, balanced: true })
    const aside = await stores.admin<{ kind: string; reason: string }>(
      `select kind, reason from quarantined_item where stage = 'messages' and workspace_id = $1`,
      [m.workspaceId],
    )
    expect(aside).toEqual([{ kind: 'message', reason: expect.stringContaining('no_poison') }])
  })

  test('without consent it is dropped with the reason, before anything is rendered', async () => {
    await m.plan(m.intent(await m.person('eve@example.com', false)))
    await m.turn()
    expect(await m.ledger()).toMatchObject([{ state: 'dropped', reason: 'no-consent' }])
    const { message_id } = must((await m.ledger())[0], 'planned')
    const detail = await m.messages.detail(m.workspaceId, message_id as never)
    expect(detail.decisions).toMatchObject([{ outcome: 'drop', rule: 'consent', reason: 'no-consent' }])
    expect(detail.html).toBeNull()
  })

  test('in her night it is held until morning, once in the ledger, then it goes', async () => {
    await m.plan(m.intent(await m.person('ada@example.com')))
    await m.workspaces.moveClock(m.workspaceId, noon + 8 * hourMs)
    expect(await m.turn()).toMatchObject({ dueAt: Date.parse('2026-06-11T06:00:00Z') })
    expect(await m.ledger()).toMatchObject([{ state: 'held', reason: 'quiet-hours' }])
    await m.workspaces.moveClock(m.workspaceId, Date.parse('2026-06-11T06:00:00Z'))
    await m.turn()
    expect(await m.ledger()).toMatchObject([{ state: 'accepted' }])
  })

  test('a deadline that passes while it is held lets it expire', async () => {
    await m.plan(m.intent(await m.person('ada@example.com'), { deadlineAt: noon + 9 * hourMs }))
    await m.workspaces.moveClock(m.workspaceId, noon + 8 * hourMs)
    expect(await m.turn()).toMatchObject({ dueAt: noon + 9 * hourMs })
    await m.workspaces.moveClock(m.workspaceId, noon + 9 * hourMs)
    await m.turn()
    expect(await m.ledger()).toMatchObject([{ state: 'expired', reason: 'expired' }])
  })

  test('five at once to one person: the cap lets three go, also in one batch', async () => {
    const ada = await m.person('ada@example.com')
    await m.plan(...Array.from({ length: 5 }, () => m.intent(ada)))
    await m.turn()
    const states = (await m.ledger()).map(({ state }) => state).sort()
    expect(states).toEqual(['accepted', 'accepted', 'accepted', 'held', 'held'])
    expect(await mailbox()).toHaveLength(3)
  })

  test.each(['people', 'content'] as const)(
    'a merge while a turn asks %s about her costs her nothing: her message is decided again and goes',
    async (asked) => {
      const ada = await m.person('ada@example.com')
      const older = await m.person(null)
      // Whom she becomes has been looked at in the same turn.
      const isLookedAt = asked === 'content'
      await m.plan(m.intent(ada), ...(isLookedAt ? [m.intent(older)] : []))
      const merge = () =>
        stores.admin('update subject set person_id = $1 where subject_id = $2', [older.personId, ada.subjectId])
      const { get } = m.people
      const { render } = m.content
      if (asked === 'people')
        vi.spyOn(m.people, 'get').mockImplementationOnce(async (...about) => merge().then(() => get(...about)))
      else vi.spyOn(m.content, 'render').mockImplementationOnce(async (...jobs) => merge().then(() => render(...jobs)))
      expect(await m.turn()).toMatchObject({ dueAt: noon })
      await m.turn()
      const states = (await m.ledger()).map(({ state }) => state).sort()
      expect(states).toEqual(isLookedAt ? ['accepted', 'dropped'] : ['accepted'])
      expect((await mailbox()).map(({ recipient }) => recipient)).toEqual(['ada@example.com'])
    },
  )

  test('a cap counts over all subjects of a person', async () => {
    const ada = await m.person('ada@example.com')
    const other = await m.person('ada@example.com')
    await m.plan(m.intent(other), m.intent(other), m.intent(other))
    await m.turn()
    await stores.admin('update subject set person_id = $1 where subject_id = $2', [ada.personId, other.subjectId])
    await m.plan(m.intent(ada))
    await m.turn()
    expect((await m.ledger()).filter(({ state }) => state === 'held')).toMatchObject([{ reason: 'frequency-cap' }])
  })

  test('a template that can’t be rendered drops its message and no other', async () => {
    const [ada, bob] = [await m.person('ada@example.com'), await m.person('bob@example.com')]
    const draft = {
      name: 'Bad',
      subject: 'x',
      mjml: '<mjml><mj-body><mj-section><mj-column><mj-text>{% for a in (1..99999) %}{% for b in (1..99999) %}x{% endfor %}{% endfor %}</mj-text></mj-column></mj-section></mj-body></mjml>',
      text: null,
      topic: 'orders',
    }
    const bad = await m.content.save(m.workspaceId, null, draft, 'system')
    await m.plan(m.intent(ada, { templateId: bad.templateId as never }), m.intent(bob))
    await m.turn()
    const states = await stores.admin('select state, reason from message where workspace_id = $1 order by state', [
      m.workspaceId,
    ])
    expect(states).toEqual([
      { state: 'accepted', reason: null },
      { state: 'dropped', reason: 'template-error' },
    ])
  })

  test('a run that ends cancels what has not begun; a stopped journey drops it', async () => {
    const ada = await m.person('ada@example.com')
    const [one, two] = [m.intent(ada), m.intent(ada)]
    await m.plan(one, two)
    await stores.postgres.inWorkspace(m.workspaceId, (tx) =>
      m.messages.cancelForRun(tx, m.workspaceId, one.runId, 'ordered'),
    )
    m.runs.set(two.runId, 'stopped')
    await m.turn()
    const states = await stores.admin('select state, reason from message where workspace_id = $1 order by state', [
      m.workspaceId,
    ])
    expect(states).toEqual([
      { state: 'cancelled', reason: 'run-ended' },
      { state: 'dropped', reason: 'journey-stopped' },
    ])
    expect(await m.messages.balance(m.workspaceId)).toMatchObject({
      planned: 2,
      cancelled: 1,
      dropped: 1,
      balanced: true,
    })
  })

  test('the kill switch holds all, and lets go when it is off', async () => {
    await m.plan(m.intent(await m.person('ada@example.com')))
    await m.policy.changeSettings(m.workspaceId, { killSwitch: true }, 'system')
    await m.turn()
    await m.workspaces.moveClock(m.workspaceId, noon + 60_000)
    await m.turn()
    expect(await m.ledger()).toMatchObject([{ state: 'held', reason: 'kill-switch' }])
    expect(await stores.admin('select 1 from message_decision where workspace_id = $1', [m.workspaceId])).toHaveLength(
      1,
    )
    await m.policy.changeSettings(m.workspaceId, { killSwitch: false }, 'system')
    await m.workspaces.moveClock(m.workspaceId, noon + 120_000)
    await m.turn()
    expect(await m.ledger()).toMatchObject([{ state: 'accepted' }])
  })
})

describe('a restored copy', () => {
  const doubt = (since: number) =>
    stores.admin('insert into restore_doubt (workspace_id, since) values ($1, $2)', [m.workspaceId, since])
  const states = async () =>
    (
      await stores.admin<{ step_id: string; state: string; reason: string | null }>(
        'select step_id, state, reason from message where workspace_id = $1 order by step_id',
        [m.workspaceId],
      )
    ).map(({ step_id, state, reason }) => [step_id, reason ?? state])
  const at = (minutes: number) => noon + minutes * 60_000
  const moveTo = (minutes: number) => m.workspaces.moveClock(m.workspaceId, at(minutes))
  const person = async () => m.person(`${Math.random()}@example.com`)
  const due = async (stepId: string, minutes: number, began: { at: number; occurredAt: number }) =>
    m.plan(m.intent(await person(), { stepId, plannedAt: at(minutes), began }))

  test('hands over what falls due once its sending is confirmed; what was due until then is uncertain, and said', async () => {
    const before = { at: at(-60), occurredAt: at(-600) }
    await doubt(noon)
    await due('stood', 0, before)
    await due('due-while-held', 10, before)
    await due('due-unseen', 29, before)
    await due('due-later', 31, before)
    await moveTo(20)
    await m.turn()
    expect(await mailbox()).toEqual([])
    await moveTo(30)
    expect(await m.messages.settleDoubt(m.workspaceId, false)).toBe(3)
    // The copy makes up for what the original knew in time, by a tick or an event that is sent again: one that was due since, and one that was not.
    await due('learnt-late', 31, { at: at(31), occurredAt: at(5) })
    await due('learnt-late-due-after', 31, { at: at(31), occurredAt: at(30) })
    await moveTo(40)
    await m.turn()
    await m.turn()
    expect(await states()).toEqual([
      ['due-later', 'accepted'],
      ['due-unseen', 'restored'],
      ['due-while-held', 'restored'],
      ['learnt-late', 'restored'],
      ['learnt-late-due-after', 'accepted'],
      ['stood', 'restored'],
    ])
    expect(await mailbox()).toHaveLength(2)
    expect(await m.messages.balance(m.workspaceId)).toMatchObject({ uncertain: 4, accepted: 2, balanced: true })
  })

  test('is not let off by its kill switch, only by its operator; a switch turned on later stays', async () => {
    await stores.admin('insert into restore_hold (workspace_id, held_at) values ($1, 0)', [m.workspaceId])
    await m.policy.changeSettings(m.workspaceId, { killSwitch: true }, 'user:ann')
    const turnOff = () => m.policy.changeSettings(m.workspaceId, { killSwitch: false }, 'user:ann')
    await expect(turnOff()).rejects.toMatchObject({
      code: 'conflict',
      remedy: expect.stringContaining('restore --confirm-sending'),
    })
    await m.policy.changeSettings(m.workspaceId, { caps: [] }, 'user:ann')
    expect((await m.policy.settings(m.workspaceId)).killSwitch).toBe(true)
    await m.policy.endRestoreHold(m.workspaceId)
    expect((await m.policy.settings(m.workspaceId)).killSwitch).toBe(false)
    await m.policy.changeSettings(m.workspaceId, { killSwitch: true }, 'user:ann')
    await m.policy.endRestoreHold(m.workspaceId)
    expect((await m.policy.settings(m.workspaceId)).killSwitch).toBe(true)
    await turnOff()
  })

  test('keeps the kill switch that was on in the original', async () => {
    await stores.admin('insert into restore_hold (workspace_id, held_at, turned_on) values ($1, 0, false)', [
      m.workspaceId,
    ])
    await m.policy.changeSettings(m.workspaceId, { killSwitch: true }, 'user:ann')
    await m.policy.endRestoreHold(m.workspaceId)
    expect((await m.policy.settings(m.workspaceId)).killSwitch).toBe(true)
    await m.policy.changeSettings(m.workspaceId, { killSwitch: false }, 'user:ann')
  })

  test('hands over what was due, too, where the original is said not to have sent it: each once', async () => {
    const before = { at: at(-60), occurredAt: at(-60) }
    await doubt(noon)
    await due('seen', 0, before)
    await m.turn()
    await due('unseen', 0, before)
    await moveTo(30)
    expect(await m.messages.settleDoubt(m.workspaceId, true)).toBe(2)
    expect(await m.messages.settleDoubt(m.workspaceId, true)).toBe(0)
    await due('made-up-for', 31, { at: at(31), occurredAt: at(5) })
    await moveTo(31)
    await m.turn()
    expect(await states()).toEqual([
      ['made-up-for', 'accepted'],
      ['seen', 'accepted'],
      ['unseen', 'accepted'],
    ])
    expect(await mailbox()).toHaveLength(3)
  })

  test('counts what the original may have sent in her caps, until it is known not to have', async () => {
    const ada = await m.person('ada@example.com')
    const three = Array.from({ length: 3 }, () => m.intent(ada))
    await doubt(noon)
    await m.plan(...three)
    await m.turn()
    await moveTo(1)
    await m.messages.settleDoubt(m.workspaceId, false)
    await m.plan(m.intent(ada, { stepId: 'fourth', plannedAt: at(2), began: { at: at(2), occurredAt: at(2) } }))
    await moveTo(2)
    await m.turn()
    expect((await states()).at(0)).toEqual(['fourth', 'frequency-cap'])
    await m.messages.settleDoubt(m.workspaceId, true)
    expect(await stores.admin('select 1 from contact_count where workspace_id = $1', [m.workspaceId])).toEqual([])
  })

  test('an intent that the original had not begun by the backup is uncertain; one of the copy’s own is decided again', async () => {
    const ada = await m.person('ada@example.com')
    await doubt(noon)
    await m.plan(m.intent(ada, { stepId: 'of-the-original' }))
    const intent = (stepId: string, changedAt: number) =>
      stores.admin(
        `update message set state = 'intent', due_at = null, intent_at = 0, intent_token = 0, begun = false, carrier = 'mailbox',
           changed_at = $3 where workspace_id = $1 and step_id = $2`,
        [m.workspaceId, stepId, changedAt],
      )
    await intent('of-the-original', at(0))
    await moveTo(30)
    await m.messages.settleDoubt(m.workspaceId, false)
    await m.plan(m.intent(ada, { stepId: 'own', plannedAt: at(31), began: { at: at(31), occurredAt: at(31) } }))
    await moveTo(31)
    await intent('own', at(31))
    await m.turn()
    expect(await states()).toEqual([
      ['of-the-original', 'restored'],
      ['own', 'accepted'],
    ])
  })
})

describe('what a crash leaves behind', () => {
  const left = async (change: string, values: readonly unknown[] = []) => {
    const ada = await m.person('ada@example.com')
    await m.plan(m.intent(ada))
    const [row] = await m.ledger()
    const messageId = must(row, 'planned').message_id
    await stores.admin(
      `update message set state = 'intent', due_at = null, intent_at = 0, intent_token = 0, address = 'ada@example.com', title = 'T', ${change} where message_id = $1`,
      [messageId, ...values],
    )
    await stores.admin('insert into message_content values ($1, $2, 0, $3, $4)', [
      m.workspaceId,
      messageId,
      '<p>T</p>',
      'T',
    ])
    return messageId
  }

  test('an intent that had not begun is decided again and goes once', async () => {
    const messageId = await left(`begun = false, carrier = 'email-smtp'`)
    await m.turn()
    expect(await m.transitions(messageId)).toEqual(['planned', 'planned', 'rendered', 'intent', 'accepted'])
    expect(await mailbox()).toHaveLength(1)
  })

  test('one that had begun at a keyed channel is handed over again under its key', async () => {
    const messageId = await left(`begun = true, carrier = 'mailbox'`)
    await m.turn()
    expect(await m.transitions(messageId)).toEqual(['planned', 'accepted'])
    expect(await mailbox()).toHaveLength(1)
  })

  test('one that had begun by SMTP is uncertain, listed, and never sent again', async () => {
    const messageId = await left(`begun = true, carrier = 'email-smtp'`)
    await m.turn()
    await m.turn()
    expect(await m.ledger()).toMatchObject([{ state: 'uncertain', reason: 'worker-lost' }])
    expect(await m.transitions(messageId)).toEqual(['planned', 'uncertain'])
    expect(await mailbox()).toHaveLength(0)
    expect(await m.messages.balance(m.workspaceId)).toMatchObject({ uncertain: 1, balanced: true })
  })

  test('a worker whose lease is gone writes nothing', async () => {
    await m.plan(m.intent(await m.person('ada@example.com')))
    await stores.admin('update lease set token = 2 where name = $1', [m.lease.name])
    await expect(m.turn()).rejects.toThrow('held by another worker')
    expect(await m.ledger()).toMatchObject([{ state: 'planned' }])
    await m.turn({ lease: { ...m.lease, token: 2 } })
    expect(await m.ledger()).toMatchObject([{ state: 'accepted' }])
  })
})
