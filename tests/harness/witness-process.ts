/**
 * The witness: a process of its own that stands between clients and the server, and behind it as the mail server it
 * hands messages to. It writes down what it sees (see `witness-journal.ts`) and judges nothing.
 * `node witness-process.ts <journal>`; tells its ports over IPC and is told there where the server listens.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { SMTPServer } from 'smtp-server'
import { z } from 'zod'
import { openJournal, type ToldEvent } from './witness-journal.ts'

const [path = ''] = process.argv.slice(2)
const journal = openJournal(path)
let target: number | null = null
let requests = 0

process.on('message', (raw) => {
  target = z.object({ port: z.int() }).parse(raw).port
})
process.on('disconnect', () => process.exit(0))

const event = z.object({
  messageId: z.string(),
  type: z.string().optional(),
  event: z.string().optional(),
  userId: z.string().optional(),
  anonymousId: z.string().optional(),
  properties: z.object({ cart_id: z.string().optional() }).optional().catch(undefined),
  traits: z
    .object({ email: z.string().optional(), marketing_consent: z.boolean().optional() })
    .optional()
    .catch(undefined),
})
const body = z.union([z.object({ batch: z.array(event) }), event])

const eventsIn = (bytes: Buffer): readonly z.infer<typeof event>[] => {
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
    const read = body.parse(JSON.parse(plain.toString('utf8')))
    return 'batch' in read ? read.batch : [read]
  } catch {
    return []
  }
}

const consentIn = ({ event: name, traits }: z.infer<typeof event>): boolean | null => {
  if (name === 'Consent Given') return true
  if (name === 'Consent Withdrawn') return false
  return traits?.marketing_consent ?? null
}

/** Of what it passes on, what decides about a journey and its mails. */
const toldBy = (one: z.infer<typeof event>): readonly ToldEvent[] => {
  const cart = one.properties?.cart_id ?? null
  const consent = consentIn(one)
  if (cart === null && consent === null && one.type !== 'identify') return []
  const { messageId, event: name = null, userId = null, anonymousId = null, traits } = one
  return [{ messageId, name, userId, anonymousId, cart, email: traits?.email ?? null, consent }]
}

const wholeOf = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => Buffer.concat(await Array.fromAsync(stream))

/** What the server did not answer is not answered: the client sees its connection break, as it would without us. */
const passOn = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
  requests += 1
  const number = requests
  const bytes = await wholeOf(asked)
  const events = eventsIn(bytes)
  journal.write({
    kind: 'asked',
    request: number,
    at: Date.now(),
    path: asked.method === 'POST' ? (asked.url ?? '') : '',
    messageIds: events.map(({ messageId }) => messageId),
    told: events.flatMap(toldBy),
  })
  try {
    const { status, headers, bytes: answered } = await ask(asked, bytes)
    journal.write({ kind: 'answered', request: number, at: Date.now(), status })
    answer.writeHead(status, headers)
    answer.end(answered)
  } catch {
    journal.write({ kind: 'lost', request: number, at: Date.now() })
    answer.destroy()
  }
}

const ask = (asked: IncomingMessage, bytes: Buffer) =>
  new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; bytes: Buffer }>(
    (resolve, reject) => {
      if (target === null) return reject(new Error('The witness was not told where the server listens'))
      const { method, url, headers } = asked
      const onward = request({ host: '127.0.0.1', port: target, method, path: url, headers, agent: false }, (got) => {
        wholeOf(got)
          .then((whole) => {
            const { 'transfer-encoding': _, connection: __, ...rest } = got.headers
            resolve({ status: got.statusCode ?? 0, headers: rest, bytes: whole })
          })
          .catch(reject)
      })
      onward.on('error', reject)
      onward.end(bytes)
    },
  )

const proxy = createServer((asked, answer) => {
  passOn(asked, answer).catch(() => answer.destroy())
})

/** Our mails carry `<id in the ledger>@<domain>` as their Message-ID. */
const sink = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData: (stream, session, done) => {
    wholeOf(stream)
      .then((raw) => {
        const text = raw.toString('latin1')
        const messageId = /^message-id:\s*<([^@>]+)@/im.exec(text)?.[1] ?? ''
        const leave = /^list-unsubscribe:\s*<([^>]+)>/im.exec(text)?.[1]
        journal.write({
          kind: 'mail',
          at: Date.now(),
          messageId,
          recipient: session.envelope.rcptTo[0]?.address ?? '',
          leave: leave === undefined ? null : new URL(leave).pathname,
        })
        done()
      })
      .catch(done)
  },
})

// Who is killed in the middle of a mail breaks its connection: what was not said to be taken was not.
sink.on('error', () => {})

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0

proxy.listen(0, '127.0.0.1', () => {
  sink.listen(0, '127.0.0.1', () => {
    process.send?.({ proxyPort: portOf(proxy.address()), smtpPort: portOf(sink.server.address()) })
  })
})
