import { Readable } from 'node:stream'
import { domainToASCII } from 'node:url'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Milliseconds } from '../kernel/index.ts'
import type { HandOver, OutgoingMail } from './channel-seam.ts'
import { type Egress, EgressError } from './egress.ts'

export interface SmtpServer {
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user: string | null
  readonly password: string | null
}

export interface SmtpTimeouts {
  readonly connectMs: Milliseconds
  /** Of silence in the middle of a conversation. */
  readonly silenceMs: Milliseconds
  /** An idle connection is closed after this. */
  readonly idleMs: Milliseconds
}
export const usualSmtpTimeouts: SmtpTimeouts = { connectMs: 15_000, silenceMs: 60_000, idleMs: 5_000 }

const mailsPerConnection = 100

interface Line {
  readonly connection: SMTPConnection
  sent: number
  idleTimer: NodeJS.Timeout | null
}

/**
 * Conversations with one SMTP server, kept open between mails. We keep them ourselves because we must know how far a
 * mail got: nodemailer reads the message's stream only after the server's 354, so once that stream was touched and no
 * answer came, the server may have the mail (RFC 5321 §4.2.5 leaves the duplicate to us), and the outcome is uncertain.
 */
export const createSmtpConnections = (egress: Egress, server: SmtpServer, timeouts: SmtpTimeouts) => {
  const idle: Line[] = []
  const open = new Set<Line>()

  const drop = (line: Line): void => {
    if (line.idleTimer) clearTimeout(line.idleTimer)
    const at = idle.indexOf(line)
    if (at >= 0) idle.splice(at, 1)
    open.delete(line)
    line.connection.quit()
    line.connection.close()
  }

  const dial = async (signal: AbortSignal): Promise<Line> => {
    const socket = await egress.connect(server, { signal, timeoutMs: timeouts.connectMs })
    const connection = new SMTPConnection({
      host: server.host,
      port: server.port,
      connection: socket,
      secure: server.security === 'tls',
      requireTLS: server.security === 'starttls',
      ignoreTLS: server.security === 'none',
      connectionTimeout: timeouts.connectMs,
      greetingTimeout: timeouts.connectMs,
      socketTimeout: timeouts.silenceMs,
      socketCloseTimeout: 0,
      logger: false,
    })
    const line: Line = { connection, sent: 0, idleTimer: null }
    open.add(line)
    connection.on('error', () => drop(line))
    connection.on('end', () => drop(line))
    try {
      const { user, password } = server
      await whileOpen(connection, signal, (done) => connection.connect((error?: Error | null) => done(error ?? null)))
      if (user !== null)
        await whileOpen(connection, signal, (done) =>
          connection.login({ credentials: { user, pass: password ?? '' } }, (error) => done(error)),
        )
    } catch (error) {
      drop(line)
      throw error
    }
    return line
  }

  const giveBack = (line: Line): void => {
    line.sent += 1
    if (line.sent >= mailsPerConnection || !open.has(line)) {
      drop(line)
      return
    }
    line.idleTimer = setTimeout(() => drop(line), timeouts.idleMs)
    line.idleTimer.unref()
    idle.push(line)
  }

  const take = async (signal: AbortSignal): Promise<Line> => {
    const line = idle.pop()
    if (!line) return dial(signal)
    if (line.idleTimer) clearTimeout(line.idleTimer)
    line.idleTimer = null
    return line
  }

  const send = async (mail: OutgoingMail, signal: AbortSignal): Promise<HandOver> => {
    let line: Line
    try {
      line = await take(signal)
    } catch (error) {
      return beforeTheMail(error)
    }
    const stream = messageStream(mail.raw)
    try {
      const response = await whileOpen<string>(line.connection, null, (done) => {
        const envelope = { from: onWire(mail.from.address), to: [onWire(mail.to.address)], size: mail.raw.length }
        line.connection.send(envelope, stream.readable, (error, info) => done(error ?? null, info?.response))
      })
      giveBack(line)
      return { kind: 'accepted', detail: response ?? '' }
    } catch (error) {
      drop(line)
      const code = responseCode(error)
      if (code === null && stream.touched())
        return { kind: 'uncertain', detail: `${wordsOf(error)} after the mail was on its way; the server may have it` }
      // A connection that had gone stale while idle: nothing of this mail was said on it, so a fresh one may be tried.
      if (code === null && line.sent > 0 && !signal.aborted) return send(mail, signal)
      return refusal(error, code)
    }
  }

  return {
    send,
    /** Talks as far as the log-in, to see whether these settings work. */
    verify: async (signal: AbortSignal): Promise<void> => drop(await dial(signal)),
    close: () => {
      for (const line of [...open]) drop(line)
    },
  }
}
export type SmtpConnections = ReturnType<typeof createSmtpConnections>

const messageStream = (raw: Buffer) => {
  let isTouched = false
  const readable = new Readable({
    read() {
      isTouched = true
      this.push(raw)
      this.push(null)
    },
  })
  return { readable, touched: () => isTouched }
}

/**
 * Asks the server something. nodemailer does not answer everything that it was asked when the connection fails (a log-in,
 * for one), so the end of the connection is an answer, too; and so is the signal.
 */
const whileOpen = async <T = void>(
  connection: SMTPConnection,
  signal: AbortSignal | null,
  ask: (done: (error: Error | null, value?: T) => void) => void,
): Promise<T | undefined> => {
  let settle = () => {}
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      const onEnd = () => reject(new Error('The server closed the connection'))
      const onAbort = () => reject(new Error('The conversation was given up'))
      connection.once('error', reject)
      connection.once('end', onEnd)
      signal?.addEventListener('abort', onAbort, { once: true })
      settle = () => {
        connection.off('error', reject)
        connection.off('end', onEnd)
        signal?.removeEventListener('abort', onAbort)
      }
      if (signal?.aborted) return onAbort()
      ask((error, value) => (error ? reject(error) : resolve(value)))
    })
  } finally {
    settle()
  }
}

/** The domain as mail servers know it (RFC 5891); what is before it is ASCII already. */
const onWire = (address: string): string => {
  const at = address.lastIndexOf('@') + 1
  return address.slice(0, at) + (domainToASCII(address.slice(at)) || address.slice(at))
}

const beforeTheMail = (error: unknown): HandOver => {
  if (error instanceof EgressError)
    return { kind: 'refused', again: error.kind === 'unreachable', badAddress: false, detail: error.message }
  // Wrong credentials will not mend themselves, but whoever mends them wants the mails to go: try again.
  return { kind: 'refused', again: true, badAddress: false, detail: wordsOf(error) }
}

const refusal = (error: unknown, code: number | null): HandOver => ({
  kind: 'refused',
  again: code === null || code < 500,
  badAddress: code !== null && code >= 500 && saysBadAddress(wordsOf(error)),
  detail: wordsOf(error),
})

/** RFC 3463: bad destination mailbox, system, syntax, or a mailbox that moved without a forward. */
const saysBadAddress = (text: string): boolean => /\b5\.1\.(1|2|3|6|10)\b/.test(text)

const responseCode = (error: unknown): number | null =>
  error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number'
    ? error.responseCode
    : null

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const response = 'response' in error && typeof error.response === 'string' ? error.response : ''
  return (response || error.message).replace(/\s+/g, ' ').slice(0, 400)
}
