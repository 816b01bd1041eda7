import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../tests/harness/app.ts'
import { type TestMessaging, testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { channelsRoutes } from '../channels/index.ts'
import { contentRoutes, formsRoutes } from '../content/index.ts'
import { type MessageId, must, newId } from '../kernel/index.ts'
import { policyRoutes } from '../policy/index.ts'
import { createPostgres } from '../stores/index.ts'
import { inboundRoutes, messagesRoutes, publicRoutes } from './index.ts'

const vectors = `${process.env.BATON_REAL_DATA ?? '../shared/data'}/email_syntax/rfc8058_vectors.json`
const stores = await testStores()
let m: TestMessaging
let api: TestApp
beforeAll(async () => {
  m = await testMessaging(stores)
  api = await testApp(stores, {
    publicUrl: m.publicUrl,
    rooms: [
      publicRoutes(m),
      inboundRoutes(m),
      messagesRoutes(m),
      channelsRoutes(m),
      contentRoutes(m),
      formsRoutes(m),
      policyRoutes(m.policy),
    ],
  })
})
afterAll(() => m.close())

let ada: Awaited<ReturnType<TestMessaging['person']>>
let html: string
let mailId: string
beforeEach(async () => {
  ada = await m.person('ada@example.com')
  await m.plan(m.intent(ada))
  await m.turn()
  const [mail] = await stores.admin<{ html: string; mail_id: string }>(
    'select html, mail_id from mailbox_mail where workspace_id = $1 and person_id = $2',
    [m.workspaceId, ada.personId],
  )
  html = must(mail, 'it was sent').html
  mailId = must(mail, 'it was sent').mail_id
})
const link = (kind: string) =>
  must(new RegExp(`https://baton\\.example(/${kind}/[\\w-]+)`).exec(html)?.[1], `a ${kind} link`)
const preferences = async () => (await m.policy.ofPerson(m.workspaceId, ada.personId)).preferences
const feedback = async () =>
  (
    await stores.admin<{ feedback: string }>(
      'select feedback from message_feedback where workspace_id = $1 and message_id = $2',
      [m.workspaceId, mailId],
    )
  ).map((row) => row.feedback.split(':')[0])

describe('links in mails', () => {
  test.skipIf(!existsSync(vectors))(
    'opening the unsubscribe link changes nothing; the one-click request acts and holds',
    async () => {
      const page = await api.app.inject({ url: link('u') })
      expect(page.statusCode).toBe(200)
      expect(page.headers['content-security-policy']).toContain("default-src 'none'")
      expect(page.body).not.toContain('<script')
      // Without one a browser asks for /favicon.ico, which is not there.
      expect(page.body).toContain('<link rel="icon" href="data:,">')
      expect((await preferences()).unsubscribedAll).toBe(false)
      const { method, headers, body } = JSON.parse(readFileSync(vectors, 'utf8')).mailbox_provider_request
      const answer = await api.app.inject({
        method,
        url: link('u'),
        headers: { 'content-type': headers['Content-Type'] },
        payload: body,
      })
      expect(answer.statusCode).toBe(200)
      expect((await preferences()).unsubscribedAll).toBe(true)
      expect(await feedback()).toContain('unsubscribe')
      await m.plan(m.intent(ada))
      await m.turn()
      expect((await m.ledger()).at(-1)).toBeDefined()
      const states = await stores.admin('select state, reason from message where subject_id = $1 and state = $2', [
        ada.subjectId,
        'dropped',
      ])
      expect(states).toEqual([{ state: 'dropped', reason: 'unsubscribed-all' }])
    },
  )

  test('one click as multipart, too', async () => {
    const boundary = 'xyz'
    const payload = `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`
    const answer = await api.app.inject({
      method: 'POST',
      url: link('u'),
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload,
    })
    expect(answer.statusCode).toBe(200)
    expect((await preferences()).unsubscribedAll).toBe(true)
  })

  test('a token that was changed, or made for another kind of link, opens nothing', async () => {
    const token = link('u').slice(3)
    for (const url of [
      `/u/${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      `/p/${token}`,
      `/c/${token}`,
      '/u/x',
    ])
      expect((await api.app.inject({ url })).statusCode).toBe(404)
    expect((await api.app.inject({ method: 'POST', url: `/p/${token}` })).statusCode).toBe(404)
  })

  test('a click is recorded and leads on; an open is recorded once', async () => {
    const click = await api.app.inject({ url: link('c') })
    expect(click.statusCode).toBe(302)
    expect(click.headers.location).toBe('https://shop.example/cart')
    for (let i = 0; i < 2; i++)
      expect((await api.app.inject({ url: link('o') })).headers['content-type']).toBe('image/gif')
    expect((await feedback()).sort()).toEqual(['click', 'open', 'sent'])
  })

  test('while PostgreSQL is away a click leads on and the pixel is there', async () => {
    const away = createPostgres({ url: 'postgres://127.0.0.1:1/away', connections: 1, name: 'away' })
    const half = await testApp(stores, { publicUrl: m.publicUrl, rooms: [publicRoutes({ ...m, postgres: away })] })
    try {
      const click = await half.app.inject({ url: link('c') })
      expect([click.statusCode, click.headers.location]).toEqual([302, 'https://shop.example/cart'])
      expect((await half.app.inject({ url: link('o') })).headers['content-type']).toBe('image/gif')
      expect((await half.app.inject({ url: `${link('c')}x` })).statusCode).toBe(404)
    } finally {
      await away.close()
    }
  })

  test('a link to an address in any script leads there, also from mails that carry it as it was written', async () => {
    const sentWith = async (url: string) => {
      const bob = await m.person('bob@example.com')
      await m.plan(m.intent(bob, { entryEvent: { name: 'Blocks', price: 12.5, currency: 'EUR', url } }))
      await m.turn()
      const [mail] = await stores.admin<{ html: string; mail_id: MessageId }>(
        'select html, mail_id from mailbox_mail where workspace_id = $1 and person_id = $2',
        [m.workspaceId, bob.personId],
      )
      return must(mail, 'it was sent')
    }
    const follow = async (url: string) => {
      const answer = await api.app.inject({ url })
      return [answer.statusCode, answer.headers.location]
    }
    const written = 'https://shop.example/каталог?ключ=é'
    const encoded = new URL(written).href
    const { html, mail_id: messageId } = await sentWith(written)
    expect(await follow(must(/https:\/\/baton\.example(\/c\/[\w-]+)/.exec(html)?.[1], 'a tracked link'))).toEqual([
      302,
      encoded,
    ])
    for (const url of [written, 'https://shop.example/caf\u00e9', 'https://[каталог']) {
      const link = new URL(m.messages.links.of('click', { workspaceId: m.workspaceId, messageId, url })).pathname
      expect(await follow(link)).toEqual([302, URL.canParse(url) ? new URL(url).href : encodeURI(url)])
    }
    for (const letters of [20, 45, 60, 110, 165, 200]) {
      const long = `https://shop.example/${'щ'.repeat(letters)}`
      const mail = await sentWith(long)
      const tracked = /https:\/\/baton\.example(\/c\/[\w-]+)/.exec(mail.html)?.[1]
      if (tracked === undefined) expect(mail.html).toContain(`href="${new URL(long).href}"`)
      else expect(await follow(tracked)).toEqual([302, new URL(long).href])
    }
  })

  test('the preference page shows why, and what is saved there holds', async () => {
    const page = await api.app.inject({ url: link('p') })
    expect(page.body).toContain('You agreed to hear from us')
    const saved = await api.app.inject({
      method: 'POST',
      url: link('p'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'topic=orders&topic=service&channel=email&weekly=2&pause=30',
    })
    expect(saved.body).toContain('Saved.')
    expect(await preferences()).toMatchObject({
      topicsOff: ['advice', 'offers'],
      unsubscribedAll: false,
      weeklyLimit: 2,
      channelsOff: [],
    })
  })

  test('what she chose by a mail stands when a page of before is saved', async () => {
    const page = await api.app.inject({ url: link('p') })
    const shown = must(/name="shown" value="([^"]+)"/.exec(page.body)?.[1], 'what the page says').replaceAll(
      '&quot;',
      '"',
    )
    const post = (url: string, payload: string) =>
      api.app.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload,
      })
    await post(link('u'), 'scope=all')
    await post(link('u'), 'scope=topic')
    const all = 'topic=orders&topic=service&topic=advice&topic=offers&channel=email'
    await post(link('p'), `${all}&weekly=1&shown=${encodeURIComponent(shown)}`)
    const [{ topic } = { topic: '' }] = await stores.admin<{ topic: string }>(
      'select topic from message where message_id = $1',
      [mailId],
    )
    expect(await preferences()).toMatchObject({ unsubscribedAll: true, topicsOff: [topic], weeklyLimit: 1 })
  })
})

describe('what comes in', () => {
  const post = async (lines: readonly string[]) =>
    (
      await api.app.inject({
        method: 'POST',
        url: '/v1/inbound/email',
        headers: { ...(await api.as(m.workspaceId, 'developer')), 'content-type': 'message/rfc822' },
        payload: lines.join('\r\n'),
      })
    ).json()
  const head = (...more: string[]) => [
    'From: Ada <ada@example.com>',
    'To: toys@example.com',
    'Subject: Re: cart',
    'Message-ID: <r1@example.com>',
    `In-Reply-To: <${mailId}@mailbox.invalid>`,
    ...more,
    '',
  ]

  test('a reply becomes a Replied event with her own words', async () => {
    expect(await post([...head(), 'Is it\0 painted?', '', 'On Monday Toys wrote:', '> your cart'])).toEqual({
      kind: 'reply',
      messageId: mailId,
    })
    await post([...head(), 'Is it painted?'])
    const rows = await stores.admin<{ event: { event: string; properties: { text: string; journey_run_id: string } } }>(
      `select event from message_feedback where message_id = $1 and feedback like 'reply:%'`,
      [mailId],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.event).toMatchObject({
      event: 'Replied',
      properties: { text: 'Is it painted?', message_id: mailId },
    })
  })

  test('an automatic answer is none', async () => {
    expect(await post([...head('Auto-Submitted: auto-replied'), 'I am away'])).toMatchObject({ kind: 'auto-reply' })
    expect(await feedback()).not.toContain('reply')
  })

  test('a hard bounce suppresses the address', async () => {
    const report = hardBounce().map((line) => line.replace('Diagnostic-Code: smtp;', 'Diagnostic-Code: smtp;\0'))
    expect(await post(report)).toEqual({ kind: 'bounce', messageId: mailId })
    expect((await m.policy.ofPerson(m.workspaceId, ada.personId)).suppressions).toMatchObject([{ reason: 'bounced' }])
  })

  test('a soft bounce is told under a name of its own, and leaves the address alone', async () => {
    expect(await post(deliveryReport('4.2.2', 'smtp; 452 4.2.2 mailbox full'))).toEqual({
      kind: 'bounce',
      messageId: mailId,
    })
    expect((await m.policy.ofPerson(m.workspaceId, ada.personId)).suppressions).toEqual([])
    const rows = await stores.admin<{ event: object }>(
      `select event from message_feedback where message_id = $1 and feedback = 'bounce:soft'`,
      [mailId],
    )
    expect(rows).toMatchObject([{ event: { event: 'Email Soft Bounced', properties: { bounce_type: 'soft' } } }])
  })

  test('an answer written in the mailbox is a reply, and needs the right to write', async () => {
    const request = {
      method: 'POST',
      url: `/v1/mailbox/${mailId}/reply`,
      payload: { text: 'Is it \u0000painted\ud83d?' },
    } as const
    expect((await api.app.inject(request)).statusCode).toBe(401)
    expect((await api.app.inject({ ...request, headers: await api.as(m.workspaceId, 'analyst') })).statusCode).toBe(403)
    expect((await api.app.inject({ ...request, headers: await api.as(m.workspaceId, 'owner') })).json()).toEqual({
      kind: 'reply',
      messageId: mailId,
    })
    const listed = await api.app.inject({ url: '/v1/mailbox', headers: await api.as(m.workspaceId, 'owner') })
    expect(listed.json().items.find((one: { mailId: string }) => one.mailId === mailId)).toMatchObject({
      repliedAt: expect.any(Number),
    })
  })
})

/** A machine's report about the mail, by RFC 6522. */
const reportOf = (type: string, ...about: readonly string[]): readonly string[] => [
  'From: MAILER-DAEMON@example.com',
  'To: toys@example.com',
  'Subject: report',
  'MIME-Version: 1.0',
  `Content-Type: multipart/report; report-type=${type}; boundary="b"`,
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'About a mail of yours.',
  '--b',
  ...about,
  '',
  '--b',
  'Content-Type: text/rfc822-headers',
  '',
  `Message-ID: <${mailId}@mailbox.invalid>`,
  '',
  '--b--',
  '',
]
const hardBounce = (): readonly string[] => deliveryReport('5.1.1', 'smtp; 550 5.1.1 unknown')
const deliveryReport = (status: string, diagnosis: string): readonly string[] =>
  reportOf(
    'delivery-status',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.com',
    '',
    'Final-Recipient: rfc822; ada@example.com',
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: ${diagnosis}`,
  )

describe('what she states and the event that tells of it', () => {
  const mail = (lines: readonly string[]) => ({ 'content-type': 'message/rfc822', payload: lines.join('\r\n') })
  const form = (payload: string) => ({ 'content-type': 'application/x-www-form-urlencoded', payload })
  const stated = async () => {
    const { preferences: now, suppressions } = await m.policy.ofPerson(m.workspaceId, ada.personId)
    return now.unsubscribedAll || suppressions.length > 0
  }
  const ways: readonly (readonly [string, string, () => { url: string; 'content-type': string; payload: string }])[] = [
    ['one click', 'unsubscribe', () => ({ url: link('u'), ...form('List-Unsubscribe=One-Click') })],
    ['the preference page', 'unsubscribe', () => ({ url: link('p'), ...form('leave=yes') })],
    [
      'a complaint',
      'complaint',
      () => ({
        url: '/v1/inbound/email',
        ...mail(
          reportOf(
            'feedback-report',
            'Content-Type: message/feedback-report',
            '',
            'Feedback-Type: abuse',
            'Version: 1',
          ),
        ),
      }),
    ],
    ['a hard bounce', 'bounce', () => ({ url: '/v1/inbound/email', ...mail(hardBounce()) })],
  ]
  test.each(ways)('%s: are there together or not at all', async (_, kind, request) => {
    const send = async () => {
      const { url, 'content-type': type, payload } = request()
      const headers = { ...(await api.as(m.workspaceId, 'owner')), 'content-type': type }
      return (await api.app.inject({ method: 'POST', url, headers, payload })).statusCode
    }
    // Cut off where the event would be owed.
    await stores.admin(
      `alter table message_feedback add constraint cut_off check (split_part(feedback, ':', 1) <> '${kind}') not valid`,
    )
    try {
      expect(await send()).toBe(500)
      expect({ stated: await stated(), owed: (await feedback()).includes(kind) }).toEqual({
        stated: false,
        owed: false,
      })
    } finally {
      await stores.admin('alter table message_feedback drop constraint cut_off')
    }
    expect(await send()).toBe(200)
    expect({ stated: await stated(), owed: (await feedback()).includes(kind) }).toEqual({ stated: true, owed: true })
  })
})

describe('over HTTP', () => {
  const get = async (url: string) => {
    const answer = await api.app.inject({ url, headers: await api.as(m.workspaceId, 'owner') })
    expect([url, answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([url, 200, ''])
    return answer.json()
  }
  test('every list and page answers by its schema', async () => {
    const listed = await get(`/v1/messages?personId=${ada.personId}`)
    expect(listed.items).toMatchObject([{ state: 'accepted', personId: ada.personId }])
    expect(await get(`/v1/messages/${mailId}`)).toMatchObject({
      decisions: [{ outcome: 'send' }],
      html: expect.any(String),
    })
    expect(await get('/v1/messages/balance')).toMatchObject({ balanced: true })
    await get('/v1/messages/reasons')
    expect((await get(`/v1/mailbox/${mailId}`)).headers.map(({ name }: { name: string }) => name)).toContain(
      'List-Unsubscribe',
    )
    await get('/v1/policy')
    await get(`/v1/people/${ada.personId}/consent`)
    expect((await get('/v1/templates')).items).toHaveLength(5)
    await get('/v1/brand-kit')
    expect(await get('/v1/channels/email')).toMatchObject({ sendsBy: 'mailbox' })
  })

  test('an enquiry makes one answer however often it is sent, and refuses what it can’t answer', async () => {
    const { items } = await get('/v1/forms')
    const url = new URL(items[0].url).pathname
    const page = await api.app.inject({ url: `${url}?anonymous_id=%22%3E%3Cscript%3E` })
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toContain('<script')
    const submission = must(/name="submission" value="([^"]+)"/.exec(page.body)?.[1], 'a submission id')
    const send = (payload: string) =>
      api.app.inject({ method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload })
    expect((await send(`submission=${submission}&email=nobody&question=x`)).statusCode).toBe(400)
    const fields = `submission=${submission}&email=eve@example.com&question=Painted%3F&consent=yes&anonymous_id=anon-1`
    expect((await send(fields)).statusCode).toBe(200)
    expect((await send(fields)).statusCode).toBe(200)
    expect((await api.app.inject({ url: '/f/nothing' })).statusCode).toBe(404)
  })

  test('a journey’s mail with a link to confirm by confirms the address, and agrees to nothing its run began with', async () => {
    const bea = await m.person('bea@example.com', false)
    const consent = { purposes: ['sell'], source: 'event', wording: 'Anything' }
    await m.plan(m.intent(bea, { purpose: 'serve', entryEvent: { consent, traits: { firstName: 'Fool' } } }))
    await m.turn()
    const [sent] = await stores.admin<{ message_id: MessageId }>(
      'select message_id from message where workspace_id = $1 and subject_id = $2',
      [m.workspaceId, bea.subjectId],
    )
    const { message_id: messageId } = must(sent, 'it was planned')
    const at = new URL(m.messages.links.of('confirm', { workspaceId: m.workspaceId, messageId, url: '' })).pathname
    expect((await api.app.inject({ url: at })).body).not.toContain('Anything')
    const pressed = await api.app.inject({ method: 'POST', url: at })
    expect(pressed.statusCode).toBe(200)
    const came = await stores.admin<{ feedback: string }>(
      'select feedback from message_feedback where workspace_id = $1 and message_id = $2',
      [m.workspaceId, messageId],
    )
    expect(came.map(({ feedback }) => feedback)).not.toContain('consented')
    expect(came.map(({ feedback }) => feedback)).toContain('verified')
  })

  test('pages of other sites may frame the form and its answer, and no other page', async () => {
    const { items } = await get('/v1/forms')
    const url = new URL(items[0].url).pathname
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const framing = ({ statusCode, headers }: Awaited<ReturnType<typeof api.app.inject>>) => [
      statusCode,
      /frame-ancestors ([^;]+)/.exec(String(headers['content-security-policy']))?.[1],
      headers['x-frame-options'],
    ]
    const answer = new URLSearchParams({ email: 'fay@example.com', question: 'Painted?', submission: newId<string>() })
    const shown = [
      await api.app.inject({ url }),
      await api.app.inject({ method: 'POST', url, headers: form, payload: 'email=fay' }),
      await api.app.inject({ method: 'POST', url, headers: form, payload: answer.toString() }),
    ]
    expect(shown.map(framing)).toEqual([200, 400, 200].map((status) => [status, '*', undefined]))
    for (const kind of ['u', 'p'])
      expect(framing(await api.app.inject({ url: link(kind) }))).toEqual([200, "'none'", 'DENY'])
    expect(framing(await api.app.inject({ url: '/v1/forms' }))).toEqual([401, "'none'", 'DENY'])
  })

  test('a draft that can’t be compiled is refused with the line', async () => {
    const headers = await api.as(m.workspaceId, 'owner')
    const payload = {
      name: 'x',
      subject: 'x',
      mjml: '<mjml><mj-body>{% if %}</mj-body></mjml>',
      text: null,
      topic: 'orders',
    }
    const answer = await api.app.inject({ method: 'POST', url: '/v1/templates', headers, payload })
    expect(answer.statusCode).toBe(400)
    const preview = await api.app.inject({
      method: 'POST',
      url: '/v1/templates/preview',
      headers,
      payload: { template: payload },
    })
    expect(preview.json()).toMatchObject({ errors: [{ message: expect.any(String) }] })
    const partner = await api.as(m.workspaceId, 'partner')
    const peek = await api.app.inject({
      method: 'POST',
      url: '/v1/templates/preview',
      headers: partner,
      payload: { template: payload, personId: ada.personId },
    })
    expect(peek.statusCode).toBe(403)
  })
})
