import { expect, test } from 'vitest'
import { testEveryRoom } from '../../tests/harness/every-room.ts'
import { decodeBatch } from './collect/index.ts'
import { defaultTemplateId } from './content/index.ts'
import { brandAs, dayMs, type MessageId, must, newId, type PersonId, type SubjectId } from './kernel/index.ts'

/** From an anonymous visit to a Known person. */
const { stores, clock, app, rooms, runner, workspaceId, headersOf, send: sendEvents, settle } = await testEveryRoom()
const headers = await headersOf('owner')
const { items } = (await app.inject({ url: '/v1/forms', headers })).json()
const formPath = new URL(items[0].url).pathname

const days = async (count: number) => {
  clock.moveBy(count * dayMs)
  await rooms.collect.tendPartitions()
}
const browses = (anonymousId: string) =>
  sendEvents({ type: 'track', anonymousId, event: 'Product Viewed', properties: { product_id: 'blocks' } })

/** Opens the form as her browser does; gives the id that the page made for her answer. */
const openForm = async (anonymousId: string): Promise<string> => {
  const page = await app.inject({ url: `${formPath}?anonymous_id=${anonymousId}` })
  return must(/name="submission" value="([^"]+)"/.exec(page.body)?.[1], 'a submission id')
}
let callers = 0
/** Each from an address of its own: twenty answers a minute are taken from one. */
const post = (url: string, fields: Readonly<Record<string, string>>) => {
  callers += 1
  return app.inject({
    method: 'POST',
    url,
    remoteAddress: `127.0.1.${callers}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'es-es,es;q=0.9,en;q=0.5' },
    payload: new URLSearchParams(fields).toString(),
  })
}
const answer = async (fields: Readonly<Record<string, string>>) => {
  clock.moveBy(1000)
  expect((await post(formPath, { question: 'Painted?', ...fields })).statusCode).toBe(200)
  await settle()
}
/** A visitor who has looked around, and asks. */
const asks = async (name: string) => {
  await browses(`browser-of-${name}`)
  const submission = await openForm(`browser-of-${name}`)
  const about = { firstName: name, lastName: 'Oak', email: `${name}@example.com`, anonymous_id: `browser-of-${name}` }
  await answer({ submission, ...about })
  return { submission, ...about }
}

const personBy = async (kind: 'email' | 'anonymousId', value: string): Promise<PersonId> => {
  const [row] = await stores.admin<{ person_id: PersonId }>(
    `select s.person_id from identifier i join subject s using (workspace_id, subject_id)
     where i.workspace_id = $1 and i.kind = $2 and i.value = $3`,
    [workspaceId, kind, value],
  )
  return must(row, `${value} is somebody`).person_id
}
const traitsOf = async (personId: PersonId) => {
  const { traits } = (await app.inject({ url: `/v1/people/${personId}`, headers })).json()
  return Object.fromEntries(traits.map(({ name, value }: { name: string; value: string }) => [name, value]))
}
const consentsOf = async (personId: PersonId) => (await rooms.policy.ofPerson(workspaceId, personId)).consents
const identityOf = async (personId: PersonId) =>
  must(await rooms.lifeCycle.person(workspaceId, personId), 'she is there').tracks.find(
    ({ track }) => track === 'identity',
  )?.state
const mailsTo = (address: string) =>
  stores.admin<{ mail_id: MessageId; html: string; recipient: string; subject: string }>(
    `select mail_id, html, recipient, subject from mailbox_mail where workspace_id = $1 and recipient like $2 order by at`,
    [workspaceId, `%${address}%`],
  )
const linkIn = (html: string) => must(/https?:\/\/[^"/]+(\/v\/[\w-]+)/.exec(html)?.[1], 'a link to confirm by')
const linkTo = async (address: string) => linkIn(must((await mailsTo(address))[0], 'a mail came').html)
const timelineOf = async (personId: PersonId): Promise<readonly { title: string; kind: string }[]> =>
  (await app.inject({ url: `/v1/people/${personId}/timeline`, headers })).json().items
const verifiedEvents = async (personId: PersonId) =>
  (await timelineOf(personId)).filter(({ title }) => title === 'Email Verified').length
const ledgerOf = (personId: PersonId) =>
  stores.admin<{ state: string; reason: string | null }>(
    `select m.state, m.reason from message m join subject s using (workspace_id, subject_id)
     where m.workspace_id = $1 and s.person_id = $2`,
    [workspaceId, personId],
  )

test('an anonymous visitor asks, confirms her address by the mail, and is Known with her past', async () => {
  await browses('browser-of-mei')
  const visitor = await personBy('anonymousId', 'browser-of-mei')
  expect(await identityOf(visitor)).toBe('anonymous')

  await asks('mei')
  const mei = await personBy('email', 'mei@example.com')
  expect(mei).toBe(visitor)
  expect(await traitsOf(mei), 'anybody may have written it').toEqual({})
  expect(await identityOf(mei)).toBe('anonymous')

  const [mail] = await mailsTo('mei@example.com')
  expect(mail).toMatchObject({
    recipient: 'mei@example.com',
    subject: 'We got your question: is this your address?',
  })
  const { html } = must(mail, 'it was sent')
  expect(html).not.toMatch(/\/[oc]\/[\w-]{40}/)
  clock.moveBy(60_000)
  expect((await post(linkIn(html), {})).body).toContain('is confirmed')
  await settle()
  expect(await identityOf(mei)).toBe('known')
  expect(await traitsOf(mei)).toEqual({
    email: 'mei@example.com',
    firstName: 'mei',
    lastName: 'Oak',
    locale: 'es-ES',
  })
  const titles = (await timelineOf(mei)).map(({ title }) => title)
  for (const each of ['Product Viewed', 'Form Submitted', 'Email Verified']) expect(titles).toContain(each)
  const { history } = must(await rooms.lifeCycle.person(workspaceId, mei), 'she is there')
  expect(history.filter(({ track }) => track === 'identity')).toMatchObject([
    { from: 'anonymous', to: 'known', cause: 'behaviour' },
    { from: null, to: 'anonymous' },
  ])

  const listed = (await app.inject({ url: `/v1/messages?personId=${mei}`, headers })).json()
  expect(listed.items).toMatchObject([{ state: 'accepted', journeyId: null, purpose: 'serve', topic: 'service' }])
  const detail = (await app.inject({ url: `/v1/messages/${listed.items[0].messageId}`, headers })).json()
  expect(detail.tracking).toMatchObject([{ kind: 'verified' }])
})

test('a full mailbox does not cost her what she confirmed; an address that is gone does', async () => {
  await asks('ida')
  const ida = await personBy('email', 'ida@example.com')
  const mail = must((await mailsTo('ida@example.com'))[0], 'a mail came')
  expect((await post(linkIn(mail.html), {})).statusCode).toBe(200)
  await settle()
  const identities: unknown[] = [await identityOf(ida)]
  for (const [status, diagnosis] of [
    ['4.2.2', '452 4.2.2 mailbox full'],
    ['5.1.1', '550 5.1.1 unknown'],
  ]) {
    clock.moveBy(60_000)
    const about = ['Final-Recipient: rfc822; ida@example.com', 'Action: failed', `Status: ${status}`]
    const payload = [
      'From: MAILER-DAEMON@example.com',
      'Message-ID: <report@example.com>',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.com',
      '',
      ...about,
      `Diagnostic-Code: smtp; ${diagnosis}`,
      '',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      `Message-ID: <${mail.mail_id}@mailbox.invalid>`,
      '',
      '--b--',
      '',
    ].join('\r\n')
    const type = { 'content-type': 'message/rfc822' }
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/inbound/email',
      headers: { ...headers, ...type },
      payload,
    })
    expect(answer.json()).toEqual({ kind: 'bounce', messageId: mail.mail_id })
    await settle()
    identities.push(await identityOf(ida))
  }
  expect(identities).toEqual(['known', 'known', 'anonymous'])
  const titles = (await timelineOf(ida)).map(({ title }) => title)
  for (const each of ['Email Soft Bounced', 'Email Bounced']) expect(titles).toContain(each)
})

test('looking at the link changes nothing, pressing twice is once', async () => {
  await asks('ada')
  const ada = await personBy('email', 'ada@example.com')
  const link = await linkTo('ada@example.com')
  for (const method of ['GET', 'HEAD', 'GET'] as const) {
    const page = await app.inject({ method, url: link })
    expect(page.statusCode).toBe(200)
    expect(page.headers['cache-control']).toBe('no-store')
  }
  const page = await app.inject({ url: link })
  expect(page.body).toContain('ada@example.com')
  expect(page.body).not.toContain('<script')
  await settle()
  expect(await identityOf(ada)).toBe('anonymous')
  expect(await verifiedEvents(ada)).toBe(0)
  for (let press = 0; press < 2; press++) {
    expect((await post(link, {})).statusCode).toBe(200)
    await settle()
    expect(await identityOf(ada)).toBe('known')
    expect(await verifiedEvents(ada)).toBe(1)
  }
  await days(3)
  await asks('ada')
  expect(await mailsTo('ada@example.com'), 'who is Known is not asked again').toHaveLength(1)
})

test('the same answer sent twice, at once or a week later, gives one mail; another question of the day none', async () => {
  const sent = await asks('bea')
  await Promise.all([answer(sent), answer(sent)])
  expect(await mailsTo('bea@example.com')).toHaveLength(1)
  await answer({ ...sent, submission: await openForm('') })
  expect(await mailsTo('bea@example.com')).toHaveLength(1)
  await days(7)
  await answer(sent)
  expect(await mailsTo('bea@example.com')).toHaveLength(1)
  expect((await app.inject({ url: '/v1/messages/balance', headers })).json()).toMatchObject({ balanced: true })
})

test('a forged link, one of another kind, an old one, and one for an address she left behind are refused', async () => {
  await asks('cid')
  const cid = await personBy('email', 'cid@example.com')
  const mail = must((await mailsTo('cid@example.com'))[0], 'a mail came')
  const link = linkIn(mail.html)
  const about = { workspaceId, messageId: mail.mail_id, url: '' }
  const other = new URL(rooms.messages.links.of('preferences', about)).pathname.replace('/p/', '/v/')
  const unknown = rooms.messages.links.of('confirm', { ...about, messageId: brandAs<MessageId>(newId<string>()) })
  const forged = `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`
  for (const url of [forged, other, new URL(unknown).pathname, '/v/x'])
    for (const method of ['GET', 'POST'] as const) {
      const page = await app.inject({ method, url })
      expect([url, method, page.statusCode]).toEqual([url, method, 404])
      expect(page.body).toContain('This link leads nowhere')
    }
  await sendEvents({ type: 'identify', userId: 'cid', traits: { email: 'cid@example.com' } })
  await sendEvents({ type: 'identify', userId: 'cid', traits: { email: 'cid@elsewhere.example' } })
  expect((await post(link, {})).statusCode).toBe(410)
  await sendEvents({ type: 'identify', userId: 'cid', traits: { email: 'cid@example.com' } })
  expect((await app.inject({ url: link })).statusCode).toBe(200)
  await days(9)
  for (const method of ['GET', 'POST'] as const) {
    const page = await app.inject({ method, url: link })
    expect(page.statusCode).toBe(410)
    expect(page.body).toContain('does not hold any more')
  }
  await settle()
  expect(await verifiedEvents(cid)).toBe(0)
})

test('a suppressed or bounced address gets no mail, and the reason is kept', async () => {
  await sendEvents(
    { type: 'identify', userId: 'dan', traits: { email: 'dan@example.com' } },
    { type: 'identify', userId: 'eve', traits: { email: 'eve@example.com' } },
  )
  await sendEvents({ type: 'track', userId: 'dan', event: 'Email Bounced', properties: { email: 'dan@example.com' } })
  const eve = await personBy('email', 'eve@example.com')
  const subjectId = brandAs<Parameters<typeof rooms.policy.suppress>[2]>(eve)
  const why = { reason: 'suppressed', address: null, detail: 'asked by phone', at: clock.now() } as const
  await stores.postgres.inWorkspace(workspaceId, (tx) => rooms.policy.suppress(tx, workspaceId, subjectId, why))
  for (const name of ['dan', 'eve']) await asks(name)
  expect(await ledgerOf(await personBy('email', 'dan@example.com'))).toEqual([{ state: 'dropped', reason: 'bounced' }])
  expect(await ledgerOf(eve)).toEqual([{ state: 'dropped', reason: 'suppressed' }])
  for (const name of ['dan', 'eve']) expect(await mailsTo(`${name}@example.com`)).toEqual([])
})

test('the kill switch holds it, and after a day it is too late', async () => {
  const put = (change: object) => app.inject({ method: 'PUT', url: '/v1/policy', headers, payload: change })
  expect((await put({ killSwitch: true })).statusCode).toBe(200)
  await asks('fay')
  const fay = await personBy('email', 'fay@example.com')
  expect(await ledgerOf(fay)).toEqual([{ state: 'held', reason: 'kill-switch' }])
  await days(2)
  await settle()
  expect(await ledgerOf(fay)).toEqual([{ state: 'expired', reason: 'expired' }])
  expect((await put({ killSwitch: false })).statusCode).toBe(200)
  expect(await mailsTo('fay@example.com')).toEqual([])
})

test('what somebody asks and allows on a browser that another is known by is hers, and so is her confirmation', async () => {
  await sendEvents({
    type: 'identify',
    userId: 'gil',
    anonymousId: 'shared-browser',
    traits: { email: 'gil@example.com' },
  })
  const submission = await openForm('shared-browser')
  const about = { firstName: 'Hana', lastName: 'Oak', email: 'hana@example.com', consent: 'yes' }
  await answer({ submission, ...about, anonymous_id: 'shared-browser' })
  const [gil, hana] = [await personBy('email', 'gil@example.com'), await personBy('email', 'hana@example.com')]
  expect(gil).not.toBe(hana)
  const given = async (personId: PersonId) => (await consentsOf(personId)).length
  expect([await given(gil), await given(hana)]).toEqual([0, 0])
  expect((await post(await linkTo('hana@example.com'), {})).statusCode).toBe(200)
  await settle()
  expect([await given(gil), await given(hana)]).toEqual([0, 3])
  expect([await identityOf(gil), await identityOf(hana)]).toEqual(['anonymous', 'known'])
})

test('what comes back of mails to somebody known by her address alone is hers, also after a kill in the middle of a hand-over', async () => {
  const passesBy = () => browses('passer-by')
  await sendEvents({ type: 'identify', userId: 'guest', traits: { email: 'kim@example.com', name: 'Kim' } })
  await passesBy()
  const kim = await personBy('email', 'kim@example.com')
  const subjects = () =>
    stores.admin('select subject_id from subject where workspace_id = $1 order by 1', [workspaceId])
  const before = await subjects()
  const plan = async () => {
    await stores.postgres.inWorkspace(workspaceId, (tx) =>
      rooms.messages.plan(tx, [
        {
          workspaceId,
          runId: newId<never>(),
          journeyId: null,
          version: 1,
          stepId: 'mail',
          instance: 0,
          channel: 'email',
          templateId: defaultTemplateId(workspaceId, 'confirm-address'),
          topic: 'service',
          purpose: 'serve',
          phase: 'purchase',
          personId: kim,
          subjectId: brandAs<SubjectId>(kim),
          plannedAt: clock.now(),
          deadlineAt: clock.now() + dayMs,
          began: { at: clock.now(), occurredAt: clock.now() },
          entryEvent: {},
        },
      ]),
    )
  }
  await plan()
  await passesBy()
  const reply = { text: 'Is it painted?' }
  const [mail] = await mailsTo('kim@example.com')
  const { mail_id: messageId } = must(mail, 'it was sent')
  const answered = await app.inject({ method: 'POST', url: `/v1/mailbox/${messageId}/reply`, headers, payload: reply })
  expect(answered.statusCode).toBe(200)
  await settle()
  const told = async (title: string) => (await timelineOf(kim)).filter((entry) => entry.title === title).length
  expect([await told('Email Sent'), await told('Replied')]).toEqual([1, 1])
  expect(await subjects()).toEqual(before)

  // A worker is killed between the first byte of a hand-over and its outcome.
  const release = runner.hold(workspaceId)
  await plan()
  await stores.admin(
    `with begun as (
       update message set state = 'intent', due_at = null, intent_at = 0, intent_token = 0, begun = true,
         carrier = 'mailbox', address = 'kim@example.com', title = 'T'
       where workspace_id = $1 and state = 'planned' returning message_id)
     insert into message_content select $1, message_id, 0, '<p>T</p>', 'T' from begun`,
    [workspaceId],
  )
  release()
  await passesBy()
  expect(await mailsTo('kim@example.com')).toHaveLength(2)
  expect(await told('Email Sent')).toBe(2)
  expect(await subjects()).toEqual(before)

  // Told once more, as after a kill between telling and noting it: duplicates, which have no subject in their verdict.
  await stores.admin('update message_feedback set told = false where workspace_id = $1', [workspaceId])
  await rooms.messages.feedback.tell(workspaceId)
  await settle()
  const shown = async (): Promise<number> => {
    const { items: events } = (await app.inject({ url: '/v1/events?verdict=duplicate&limit=100', headers })).json()
    return events.filter(({ raw }: { raw: { subjectId?: string } }) => raw.subjectId === kim).length
  }
  expect(await shown()).toBeGreaterThan(2)
  const isHiding = runner.hold(workspaceId)
  await stores.admin(
    `insert into erasure (workspace_id, erasure_id, person_ids, state, requested_at, requested_by)
     values ($1, $2, array[$2]::uuid[], 'requested', 0, 'user:test')`,
    [workspaceId, kim],
  )
  expect(await shown()).toBe(0)
  await stores.admin('delete from erasure where erasure_id = $1', [kim])
  isHiding()
  const { erasureId } = await rooms.erasures.request(workspaceId, kim, 'user:test')
  await settle()
  expect(await rooms.erasures.get(workspaceId, erasureId)).toMatchObject({ state: 'done' })
  const log = await stores.admin<{ payload: Buffer }>('select payload from log_batch where workspace_id = $1', [
    workspaceId,
  ])
  const fromBaton = log.flatMap(({ payload }) =>
    decodeBatch(payload).flatMap(({ head, body }) => (head.source === 'baton' ? [body.toString()] : [])),
  )
  expect(fromBaton.filter((body) => body.includes(kim))).toEqual([])
})

test('what a stranger writes under the address of a customer changes nothing of what she is known by or agreed to', async () => {
  const kay = { userId: 'kay', traits: { email: 'old@example.com', firstName: 'Kay', locale: 'en' } }
  await sendEvents({ type: 'identify', ...kay })
  await sendEvents({ type: 'identify', userId: 'kay', traits: { email: 'kay@example.com' } })
  await sendEvents({ type: 'track', userId: 'kay', event: 'Consent Withdrawn' })
  const personId = await personBy('email', 'kay@example.com')
  const [traits, consents] = [await traitsOf(personId), await consentsOf(personId)]
  expect(consents.map(({ given }) => given)).toEqual([false, false, false])
  for (const email of ['kay@example.com', 'old@example.com']) {
    const typed = { firstName: 'You won, see evil.example', lastName: 'Fool', email, consent: 'yes' }
    await answer({ submission: await openForm(''), ...typed })
  }
  expect(await personBy('email', 'old@example.com')).toBe(personId)
  expect([await traitsOf(personId), await consentsOf(personId)]).toEqual([traits, consents])
  const asked = (await timelineOf(personId)).filter(({ title }) => title === 'Form Submitted')
  expect(JSON.stringify(asked)).toContain('You won, see evil.example')
  const mails = await mailsTo('example.com')
  expect(mails.filter(({ html, subject }) => /evil|Fool/.test(html + subject))).toEqual([])
})

test('what she ticked holds from her confirmation on, as the form worded it; pressing again does not bring it back', async () => {
  const { consentWording } = items[0]
  await answer({ submission: await openForm(''), email: 'lea@example.com', consent: 'yes' })
  const lea = await personBy('email', 'lea@example.com')
  expect(await consentsOf(lea)).toEqual([])
  const put = (wording: string) =>
    app.inject({ method: 'PUT', url: '/v1/policy', headers, payload: { consentWording: wording } })
  expect((await put('Something else')).statusCode).toBe(200)
  const link = await linkTo('lea@example.com')
  expect((await app.inject({ url: link })).body).toContain(consentWording)
  clock.moveBy(60_000)
  expect((await post(link, {})).body).toContain('so is what you agreed to')
  await settle()
  const given = { given: true, source: 'form:enquiry', wording: consentWording, at: clock.now() }
  const purposes = ['coach', 'inform', 'sell']
  const consents = await consentsOf(lea)
  expect(consents.map(({ purpose }) => purpose).sort()).toEqual(purposes)
  for (const one of consents) expect(one).toMatchObject(given)
  expect(await verifiedEvents(lea)).toBe(1)

  const hers = must((await mailsTo('lea@example.com'))[0], 'a mail came').mail_id
  const detail = (await app.inject({ url: `/v1/messages/${hers}`, headers })).json()
  expect(detail.tracking.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['consented', 'verified'])
  await sendEvents({ type: 'track', anonymousId: 'browser-of-lea', event: 'Product Viewed' })
  const withdrawn = purposes.map((purpose) => ({
    purpose,
    given: false,
    source: 'phone',
    wording: '',
    expiresAt: null,
  }))
  clock.moveBy(60_000)
  await rooms.policy.changePerson(workspaceId, lea, { consents: withdrawn as never }, 'system')
  clock.moveBy(60_000)
  expect((await post(link, {})).statusCode).toBe(200)
  await settle()
  expect((await consentsOf(lea)).map((one) => one.given)).toEqual([false, false, false])
  expect((await put(consentWording)).statusCode).toBe(200)
})

test('who is Known is asked about what she ticked, unless it is in force; she may confirm her address alone', async () => {
  await asks('mia')
  const mia = await personBy('email', 'mia@example.com')
  expect((await post(await linkTo('mia@example.com'), {})).statusCode).toBe(200)
  await settle()
  expect(await identityOf(mia)).toBe('known')
  const ticks = async () => answer({ submission: await openForm(''), email: 'mia@example.com', consent: 'yes' })
  await ticks()
  await ticks()
  const mails = await mailsTo('mia@example.com')
  expect(mails, 'the second tick of the day is not asked about again').toHaveLength(2)
  const link = linkIn(must(mails[1], 'it came').html)
  clock.moveBy(60_000)
  expect((await post(link, { consent: 'no' })).body).not.toContain('agreed')
  await settle()
  expect(await consentsOf(mia)).toEqual([])
  clock.moveBy(60_000)
  await post(link, {})
  await settle()
  expect((await consentsOf(mia)).map((one) => one.given)).toEqual([true, true, true])
  await days(2)
  await ticks()
  expect(await mailsTo('mia@example.com')).toHaveLength(2)
})
