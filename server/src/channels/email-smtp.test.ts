import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { brandAs, type MessageId, type WorkspaceId } from '../kernel/index.ts'
import type { OutgoingMail } from './channel-seam.ts'
import { composeMail } from './compose-mail.ts'
import { createEgress } from './egress.ts'
import { emailSmtp, type SmtpChannelSettings } from './email-smtp.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const listen = (server: Server): Promise<number> =>
  new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)))

/** A server that answers each line by the script; `null` closes without a word, `undefined` stays silent. */
const nastyServer = async (answer: (line: string, inMail: boolean) => string | null | undefined) => {
  const sockets = new Set<Socket>()
  const received: string[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.write('220 test ESMTP\r\n')
    let buffer = ''
    let inMail = false
    const reply = (text: string | null | undefined) => {
      if (text === null) socket.destroy()
      else if (text !== undefined) socket.write(`${text}\r\n`)
    }
    socket.on('data', (chunk) => {
      buffer += chunk.toString('latin1')
      for (;;) {
        const mark = inMail ? '\r\n.\r\n' : '\r\n'
        const at = buffer.indexOf(mark)
        if (at < 0) return
        const text = buffer.slice(0, at)
        buffer = buffer.slice(at + mark.length)
        if (inMail) received.push(text)
        const said = answer(inMail ? '.' : text, inMail)
        inMail = !inMail && text === 'DATA' && (said ?? '').startsWith('354')
        reply(said)
      }
    })
  })
  const port = await listen(server)
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port, received }
}
const polite = (line: string): string =>
  line === 'DATA' ? '354 go on' : line.startsWith('EHLO') ? '250 test' : '250 ok'

const withLogIn = (line: string): string => (line.startsWith('EHLO') ? '250-test\r\n250 AUTH PLAIN' : polite(line))

const settings = (port: number): SmtpChannelSettings => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  user: null,
  password: null,
  from: { name: 'Shop', address: 'shop@example.com' },
  dkim: null,
})
const mail = async (address = 'ada@example.com'): Promise<OutgoingMail> => {
  const parts = {
    from: settings(0).from,
    to: { name: 'Ada', address },
    subject: 'Hello',
    html: '<p>Hi</p>',
    text: 'Hi',
  }
  const raw = await composeMail({ ...parts, mailId: 'm1@example.com', date: new Date(0), headers: {}, dkim: null })
  return {
    ...parts,
    raw,
    at: 0,
    personId: null,
    workspaceId: brandAs<WorkspaceId>('w'),
    messageId: brandAs<MessageId>('m'),
  }
}
const channelTo = (port: number) => {
  const egress = createEgress({ allow: [`127.0.0.1:${port}`] })
  const channel = emailSmtp({ egress, timeouts: { connectMs: 2_000, silenceMs: 150, idleMs: 500 } })
  closers.push(() => channel.close())
  return channel
}
const handOver = async (port: number) =>
  channelTo(port).handOver(await mail(), settings(port), AbortSignal.timeout(5_000))

describe('e-mail by SMTP', () => {
  test('a real server gets the mail once, on one connection for several', async () => {
    const got: string[] = []
    let connections = 0
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onConnect: (_, done) => {
        connections += 1
        done()
      },
      onData: (stream, _, done) => {
        let text = ''
        stream.on('data', (chunk) => {
          text += chunk
        })
        stream.on('end', () => {
          got.push(text)
          done()
        })
      },
    })
    const port = await listen(server.server)
    closers.push(() => new Promise<void>((done) => server.close(() => done())))
    const channel = channelTo(port)
    for (let i = 0; i < 3; i++)
      expect(await channel.handOver(await mail(), settings(port), AbortSignal.timeout(5_000))).toMatchObject({
        kind: 'accepted',
      })
    expect(got).toHaveLength(3)
    expect(connections).toBe(1)
    const parsed = await simpleParser(got[0] ?? '')
    expect(parsed.subject).toBe('Hello')
    expect(parsed.messageId).toBe('<m1@example.com>')
  })

  test('a server that took the mail and dropped the line before 250 leaves it uncertain', async () => {
    const { port, received } = await nastyServer((line) => (line === '.' ? null : polite(line)))
    expect(await handOver(port)).toMatchObject({ kind: 'uncertain' })
    expect(received).toHaveLength(1)
  })

  test('a server that hangs after the dot leaves it uncertain', async () => {
    const { port, received } = await nastyServer((line) => (line === '.' ? undefined : polite(line)))
    expect(await handOver(port)).toMatchObject({ kind: 'uncertain' })
    expect(received).toHaveLength(1)
  })

  test.each([
    [
      'hangs at RCPT',
      (line: string) => (line.startsWith('RCPT') ? undefined : polite(line)),
      { kind: 'refused', again: true },
    ],
    [
      'drops at MAIL',
      (line: string) => (line.startsWith('MAIL') ? null : polite(line)),
      { kind: 'refused', again: true },
    ],
    [
      'says 451 to RCPT',
      (line: string) => (line.startsWith('RCPT') ? '451 4.7.1 later' : polite(line)),
      { kind: 'refused', again: true },
    ],
    [
      'says 550 to RCPT',
      (line: string) => (line.startsWith('RCPT') ? '550 5.1.1 no such user' : polite(line)),
      { kind: 'refused', again: false, badAddress: true },
    ],
    [
      'says 554 to DATA',
      (line: string) => (line === 'DATA' ? '554 no' : polite(line)),
      { kind: 'refused', again: false, badAddress: false },
    ],
    [
      'says 452 after the dot',
      (line: string) => (line === '.' ? '452 full' : polite(line)),
      { kind: 'refused', again: true },
    ],
    [
      'says 554 after the dot',
      (line: string) => (line === '.' ? '554 spam' : polite(line)),
      { kind: 'refused', again: false },
    ],
    [
      'says 421 after the dot',
      (line: string) => (line === '.' ? '421 closing' : polite(line)),
      { kind: 'refused', again: true },
    ],
  ])('a server that %s has certainly not got it', async (_, script, outcome) => {
    const { port } = await nastyServer(script)
    expect(await handOver(port)).toMatchObject(outcome)
  })

  test.each([
    ['drops at the log-in', (line: string) => (line.startsWith('AUTH') ? null : withLogIn(line))],
    ['hangs at the log-in', (line: string) => (line.startsWith('AUTH') ? undefined : withLogIn(line))],
    ['says 535 to the log-in', (line: string) => (line.startsWith('AUTH') ? '535 5.7.8 no' : withLogIn(line))],
  ])('a server that %s has certainly not got it, and nobody waits for it', async (_, script) => {
    const { port } = await nastyServer(script)
    const own = { ...settings(port), user: 'shop', password: 'secret' }
    expect(await channelTo(port).handOver(await mail(), own, AbortSignal.timeout(5_000))).toMatchObject({
      kind: 'refused',
      again: true,
      badAddress: false,
    })
  })

  test('a hand-over that is given up waits for no log-in', async () => {
    const stop = new AbortController()
    const { port } = await nastyServer((line) => {
      if (!line.startsWith('AUTH')) return withLogIn(line)
      stop.abort()
      return undefined
    })
    const egress = createEgress({ allow: [`127.0.0.1:${port}`] })
    const channel = emailSmtp({ egress, timeouts: { connectMs: 60_000, silenceMs: 60_000, idleMs: 500 } })
    closers.push(() => channel.close())
    const own = { ...settings(port), user: 'shop', password: 'secret' }
    expect(await channel.handOver(await mail(), own, stop.signal)).toMatchObject({ kind: 'refused', again: true })
  })

  test('an international domain goes on the wire as mail servers know it', async () => {
    const said: string[] = []
    const { port } = await nastyServer((line) => {
      said.push(line)
      return polite(line)
    })
    await channelTo(port).handOver(await mail('anna@müller.de'), settings(port), AbortSignal.timeout(5_000))
    expect(said.filter((line) => line.startsWith('RCPT'))).toEqual(['RCPT TO:<anna@xn--mller-kva.de>'])
  })

  test('nobody listening is a refusal that may pass', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((done) => server.close(done))
    expect(await handOver(port)).toMatchObject({ kind: 'refused', again: true })
  })

  test('a private server is not connected to unless configuration allows it', async () => {
    let opened = 0
    const egress = createEgress({
      allow: [],
      resolve: async () => ['10.0.0.7'],
      open: () => {
        opened += 1
        throw new Error('no packet leaves')
      },
    })
    const channel = emailSmtp({ egress })
    const outcome = await channel.handOver(
      await mail(),
      { ...settings(25), host: 'mail.example.com' },
      AbortSignal.timeout(5_000),
    )
    expect(outcome).toMatchObject({
      kind: 'refused',
      again: false,
      detail: expect.stringContaining('BATON_EGRESS_ALLOW=mail.example.com:25'),
    })
    expect(opened).toBe(0)
  })

  test('an idle connection that the server closed is replaced, nothing is lost or doubled', async () => {
    let mails = 0
    const { port, received } = await nastyServer((line) => {
      if (line === '.') mails += 1
      return line.startsWith('MAIL') && mails === 1 && received.length === 1 && !reopened ? drop() : polite(line)
    })
    let reopened = false
    const drop = () => {
      reopened = true
      return null
    }
    const channel = channelTo(port)
    expect(await channel.handOver(await mail(), settings(port), AbortSignal.timeout(5_000))).toMatchObject({
      kind: 'accepted',
    })
    expect(await channel.handOver(await mail(), settings(port), AbortSignal.timeout(5_000))).toMatchObject({
      kind: 'accepted',
    })
    expect(received).toHaveLength(2)
  })
})

test('a recipient with a line break is refused before anything is composed', async () => {
  await expect(mail('ada@example.com\r\nRCPT TO:<eve@example.com>')).rejects.toThrow('well-formed')
})
