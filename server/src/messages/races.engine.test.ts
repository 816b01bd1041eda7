import { type AddressInfo, createServer, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { startMailSink } from '../../../tests/harness/mail-sink.ts'
import { type MessagingOptions, noon, type TestMessaging, testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { minuteMs } from '../kernel/index.ts'

const stores = await testStores()
const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
const open = async (options: MessagingOptions): Promise<TestMessaging> => {
  const m = await testMessaging(stores, options)
  closers.push(m.close)
  return m
}

const crowd = async (m: TestMessaging, count: number, letter: string) => {
  const people: Awaited<ReturnType<TestMessaging['person']>>[] = []
  for (let i = 0; i < count; i++) people.push(await m.person(`${letter}${i}@example.com`))
  return people
}

const sink = async (...about: Parameters<typeof startMailSink>) => {
  const started = await startMailSink(...about)
  closers.push(started.close)
  return started
}

/** A server that takes each mail, says nothing, and hangs up. */
const dropper = async () => {
  let mails = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.write('220 test\r\n')
    let isMail = false
    socket.on('data', (chunk) => {
      const text = chunk.toString()
      if (isMail) {
        if (!text.includes('\r\n.\r\n')) return
        mails += 1
        socket.destroy()
        return
      }
      isMail = text.startsWith('DATA')
      socket.write(isMail ? '354 go\r\n' : '250 ok\r\n')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { mails: () => mails, port: (server.address() as AddressInfo).port }
}

describe('hand-over by SMTP', () => {
  test('what the server took is accepted; uncertain ends are listed and never sent again', async () => {
    const { mails, port } = await dropper()
    const m = await open({ smtpPort: port })
    await m.plan(m.intent(await m.person('ada@example.com')))
    await m.turn()
    await m.workspaces.moveClock(m.workspaceId, noon + 5 * minuteMs)
    await m.turn()
    await m.turn()
    expect(mails()).toBe(1)
    expect(await m.ledger()).toMatchObject([{ state: 'uncertain', reason: 'connection-lost' }])
    expect(await m.messages.balance(m.workspaceId)).toMatchObject({ planned: 1, uncertain: 1, balanced: true })
  })

  test('a refusal for the moment is tried again later and counts in no cap; then it goes once', async () => {
    let refusals = 2
    const { got, port } = await sink(async () => {
      refusals -= 1
      return refusals >= 0 ? Object.assign(new Error('later'), { responseCode: 451 }) : null
    })
    const m = await open({ smtpPort: port })
    await m.policy.changeSettings(
      m.workspaceId,
      { caps: [{ cap: 'one', title: 'One', limit: 1, windowMs: 24 * 60 * minuteMs, purposes: ['inform'] }] },
      'system',
    )
    await m.plan(m.intent(await m.person('ada@example.com')))
    const { dueAt } = await m.turn()
    expect(await m.ledger()).toMatchObject([{ state: 'held', reason: 'channel-refused' }])
    expect(dueAt).toBe(noon + minuteMs)
    for (const at of [1, 3]) {
      await m.workspaces.moveClock(m.workspaceId, noon + at * minuteMs)
      await m.turn()
    }
    expect(await m.ledger()).toMatchObject([{ state: 'accepted' }])
    expect(got).toEqual(['ada@example.com'])
  })

  test('a server that is away for hours loses no mail that may wait longer; one that stays away lets it expire', async () => {
    let isAway = true
    const { got, port } = await sink(async () =>
      isAway ? Object.assign(new Error('not now'), { responseCode: 421 }) : null,
    )
    const m = await open({ smtpPort: port })
    await m.plan(m.intent(await m.person('ada@example.com')))
    const passing = async (minutes: number) => {
      const end = (await m.workspaces.domainNow(m.workspaceId)) + minutes * minuteMs
      for (;;) {
        const { dueAt } = await m.turn()
        if (dueAt === undefined || dueAt === null || dueAt > end) break
        await m.workspaces.moveClock(m.workspaceId, dueAt)
      }
      await m.workspaces.moveClock(m.workspaceId, end)
    }
    await passing(180)
    expect(await m.ledger()).toMatchObject([{ state: 'held', reason: 'channel-refused' }])
    isAway = false
    await passing(31)
    expect(await m.ledger()).toMatchObject([{ state: 'accepted' }])
    expect(got).toEqual(['ada@example.com'])
    isAway = true
    await m.plan(m.intent(await m.person('bea@example.com')))
    await passing(25 * 60)
    expect((await m.ledger()).map(({ state }) => state).sort()).toEqual(['accepted', 'expired'])
  })

  test('an address that the server will never take is refused, suppressed, and told as a bounce', async () => {
    const { got, port } = await sink(async () => Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }))
    const m = await open({ smtpPort: port })
    const ada = await m.person('ada@example.com')
    await m.plan(m.intent(ada), m.intent(ada))
    await m.turn()
    await m.plan(m.intent(ada))
    await m.turn()
    expect(got).toEqual([])
    expect((await m.ledger()).map(({ state, reason }) => `${state} ${reason}`).sort()).toEqual([
      'dropped bounced',
      'refused channel-refused',
      'refused channel-refused',
    ])
  })

  test('in a slow turn each hand-over is decided, and told, by the time it has become', async () => {
    const evening = Date.parse('2026-06-10T19:30:00Z')
    let first = true
    const { got, port } = await sink(async () => {
      if (first) await m.workspaces.moveClock(m.workspaceId, evening)
      first = false
      return null
    })
    const m = await open({ smtpPort: port })
    const [soon, later, late] = [await crowd(m, 50, 's'), await crowd(m, 9, 'l'), await crowd(m, 1, 'x')]
    await m.plan(
      ...soon.map((one) => m.intent(one, { plannedAt: noon - 1 })),
      ...later.map((one) => m.intent(one)),
      ...late.map((one) => m.intent(one, { deadlineAt: noon + minuteMs })),
    )
    await m.turn()
    expect(got).toHaveLength(50)
    const rows = await stores.admin(
      `select state, reason, handed_over_at::float8 as at, count(*)::int as count from message
       where workspace_id = $1 group by 1, 2, 3 order by 1`,
      [m.workspaceId],
    )
    expect(rows).toEqual([
      { state: 'accepted', reason: null, at: evening, count: 50 },
      { state: 'expired', reason: 'expired', at: null, count: 1 },
      { state: 'held', reason: 'quiet-hours', at: null, count: 9 },
    ])
    const told = await stores.admin(
      `select distinct d.outcome, d.at::float8 as decided, f.at::float8 as sent
       from message_decision d left join message_feedback f using (workspace_id, message_id)
       where d.workspace_id = $1 order by 1`,
      [m.workspaceId],
    )
    expect(told).toEqual([
      { outcome: 'drop', decided: evening, sent: null },
      { outcome: 'hold', decided: evening, sent: null },
      { outcome: 'send', decided: noon, sent: evening },
    ])
  })

  test('a sample workspace never reaches the server', async () => {
    const { port } = await sink()
    await expect(open({ smtpPort: port, isSample: true })).rejects.toThrow('sample')
  })
})

describe('races', () => {
  test('once an unsubscribe is answered, no hand-over begins', async () => {
    const { got, port } = await sink()
    const m = await open({ smtpPort: port, batchSize: 5 })
    const people = await crowd(m, 30, 'p')
    await m.plan(...people.map((one) => m.intent(one)))
    /** Hand-overs that had begun when her answer came: no more may follow. */
    const begunBy = (subjectId: string) =>
      stores.postgres.inWorkspace(m.workspaceId, async (tx) => {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from message_decision d join message m using (workspace_id, message_id)
          where m.workspace_id = ${m.workspaceId} and m.subject_id = ${subjectId} and d.outcome = 'send'`.execute(tx)
        return rows[0]?.count ?? 0
      })
    const working = (async () => {
      while ((await m.turn()).more);
    })()
    const atAnswer = await Promise.all(
      people.map(async ({ subjectId }) => {
        const preferences = { unsubscribedAll: true }
        await m.postgres.inWorkspace(m.workspaceId, (tx) =>
          m.policy.changeSubject(tx, m.workspaceId, subjectId, { preferences, at: noon }),
        )
        return begunBy(subjectId)
      }),
    )
    await working
    await m.turn()
    expect(await Promise.all(people.map(({ subjectId }) => begunBy(subjectId)))).toEqual(atAnswer)
    const { accepted, dropped, balanced } = await m.messages.balance(m.workspaceId)
    expect({ all: accepted + dropped, balanced }).toEqual({ all: 30, balanced: true })
    expect(got.length).toBe(accepted)
  })

  test('two workers at once send each message once and keep the cap', async () => {
    const { got, port } = await sink()
    const m = await open({ smtpPort: port })
    const ada = await m.person('ada@example.com')
    const others = await crowd(m, 20, 'q')
    await m.plan(...Array.from({ length: 10 }, () => m.intent(ada)), ...others.map((one) => m.intent(one)))
    // Both believe to hold the lease: what the runner never lets happen, the rows must bear all the same.
    await Promise.all([m.turn(), m.turn(), m.turn()])
    await m.turn()
    expect(got.filter((to) => to === 'ada@example.com')).toHaveLength(3)
    expect(new Set(got).size).toBe(21)
    expect(got).toHaveLength(23)
    expect(await m.messages.balance(m.workspaceId)).toMatchObject({
      planned: 30,
      accepted: 23,
      onTheirWay: 7,
      balanced: true,
    })
  })

  test('a worker that was stopped past its lease says what it knows when it comes back', async () => {
    let release = () => {}
    const arrived = Promise.withResolvers<void>()
    const held = new Promise<void>((done) => {
      release = done
    })
    const { got, port } = await sink(async () => {
      arrived.resolve()
      await held
      return null
    })
    const m = await open({ smtpPort: port })
    await m.plan(m.intent(await m.person('ada@example.com')))
    const first = m.turn()
    await arrived.promise
    await stores.admin('update lease set token = 2 where name = $1', [m.lease.name])
    await m.turn({ lease: { ...m.lease, token: 2 } })
    expect(await m.ledger()).toMatchObject([{ state: 'uncertain', reason: 'worker-lost' }])
    release()
    await first
    expect(await m.ledger()).toMatchObject([{ state: 'accepted' }])
    await m.turn({ lease: { ...m.lease, token: 2 } })
    expect(got).toEqual(['ada@example.com'])
  })
})
