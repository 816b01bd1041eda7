import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { z } from 'zod'

/**
 * What an event says that decides about a journey and its mails: who, and which cart; of an identify, which ids are one
 * person's; whether she may be written to.
 */
const toldEvent = z.object({
  messageId: z.string(),
  /** `Product Added`, …; of an identify null. */
  name: z.string().nullable(),
  userId: z.string().nullable(),
  anonymousId: z.string().nullable(),
  cart: z.string().nullable(),
  email: z.string().nullable(),
  /** She agrees to be written to, or takes it back; null: it says nothing of that. */
  consent: z.boolean().nullable(),
})
export type ToldEvent = z.infer<typeof toldEvent>

/**
 * What the witness writes down, one line of JSON each, on disk before anybody learns of it:
 * a request is `asked` before it goes on to the server, `answered` before its answer goes back, `lost` when the server
 * went away without an answer (nobody knows then); a `mail` before the sink says that it took it. `at` is in ms since
 * 1970 by the clock of this machine, which is the server's, too.
 */
const entry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('asked'),
    request: z.int(),
    at: z.int(),
    path: z.string(),
    messageIds: z.array(z.string()),
    told: z.array(toldEvent),
  }),
  z.object({ kind: z.literal('answered'), request: z.int(), at: z.int(), status: z.int() }),
  z.object({ kind: z.literal('lost'), request: z.int(), at: z.int() }),
  z.object({
    kind: z.literal('mail'),
    at: z.int(),
    messageId: z.string(),
    recipient: z.string(),
    /** Where one click leaves, as its path. */
    leave: z.string().nullable(),
  }),
])
export type JournalEntry = z.infer<typeof entry>

export const openJournal = (path: string): { write(entry: JournalEntry): void; close(): void } => {
  const file = openSync(path, 'a')
  return {
    write: (one) => {
      writeSync(file, `${JSON.stringify(one)}\n`)
      fsyncSync(file)
    },
    close: () => closeSync(file),
  }
}

/** An event as it was seen to pass, however often. */
export interface SeenEvent extends ToldEvent {
  /** Its first request and its place in it: what came in one request was received at one instant, in that order. */
  readonly request: number
  readonly index: number
  /** It was received at one instant within these, both included; `to` is Infinity where nobody knows. */
  readonly from: number
  readonly to: number
  readonly acknowledged: boolean
  /** Requests that carried it. */
  readonly times: number
}

/** Somebody leaves by the link of a mail; `from`, `to` and `acknowledged` as of an event. */
export interface Departure extends Pick<SeenEvent, 'from' | 'to' | 'acknowledged'> {
  /** The address to which that mail went. */
  readonly recipient: string
}

/** What was seen, taken together. */
export interface Testimony {
  /** Every message id anybody ever asked to store. */
  readonly asked: ReadonlySet<string>
  /** Those in a request that was answered 200. */
  readonly acknowledged: ReadonlySet<string>
  /** Events of carts, of consent, and identifies, in the order in which they were first seen. */
  readonly events: readonly SeenEvent[]
  /** How often each message (by its id in the ledger) was handed over. */
  readonly mails: ReadonlyMap<string, number>
  /** When each was handed over first. */
  readonly mailedAt: ReadonlyMap<string, number>
  /** To whom each went, every time. */
  readonly recipients: ReadonlyMap<string, ReadonlySet<string>>
  /** The path in each by which its recipient leaves. */
  readonly leaves: ReadonlyMap<string, string>
  readonly departures: readonly Departure[]
  readonly requests: number
  readonly unanswered: number
}

export const readJournal = (path: string): Testimony => {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return testimonyOf(lines.map((line) => entry.parse(JSON.parse(line))))
}

/** Nothing of a request is stored later than this after its connection broke: a write that lasts longer is given up. */
const storedWithinMs = 15_000

export const testimonyOf = (entries: readonly JournalEntry[]): Testimony => {
  const requests = new Map<number, Asked>()
  const mails = new Map<string, number>()
  const recipients = new Map<string, Set<string>>()
  const leaves = new Map<string, string>()
  const mailedAt = new Map<string, number>()
  for (const one of entries) {
    const request = 'request' in one ? requests.get(one.request) : undefined
    if (one.kind === 'asked') requests.set(one.request, { ...one, answer: null, to: Number.POSITIVE_INFINITY })
    else if (one.kind === 'mail') {
      mails.set(one.messageId, (mails.get(one.messageId) ?? 0) + 1)
      mailedAt.set(one.messageId, mailedAt.get(one.messageId) ?? one.at)
      recipients.set(one.messageId, (recipients.get(one.messageId) ?? new Set()).add(one.recipient))
      if (one.leave !== null) leaves.set(one.messageId, one.leave)
    } else if (one.kind === 'lost' && request) request.to = one.at + storedWithinMs
    else if (one.kind === 'answered' && request) Object.assign(request, { answer: one.status, to: one.at })
  }
  const all = [...requests.values()]
  return {
    asked: new Set(all.flatMap(({ messageIds }) => messageIds)),
    acknowledged: new Set(all.flatMap(({ answer, messageIds }) => (answer === 200 ? messageIds : []))),
    events: eventsSeen(all),
    mails,
    mailedAt,
    recipients,
    leaves,
    departures: departuresSeen(all, { recipients, leaves }),
    requests: requests.size,
    unanswered: all.filter(({ answer }) => answer === null).length,
  }
}

interface Asked
  extends Pick<Extract<JournalEntry, { kind: 'asked' }>, 'request' | 'at' | 'path' | 'messageIds' | 'told'> {
  answer: number | null
  /** Nothing of it was received later. */
  to: number
}

const departuresSeen = (
  requests: readonly Asked[],
  { recipients, leaves }: Pick<Testimony, 'recipients' | 'leaves'>,
): readonly Departure[] => {
  const recipientsBy = new Map([...leaves].map(([messageId, path]) => [path, recipients.get(messageId)]))
  return requests.flatMap(({ path, at: from, to, answer }) =>
    [...(recipientsBy.get(path) ?? [])].map((recipient) => ({ recipient, from, to, acknowledged: answer === 200 })),
  )
}

/** The first acknowledged request ends the time in which an event can have been received: later ones are repeats. */
const eventsSeen = (requests: readonly Asked[]): readonly SeenEvent[] => {
  const events = new Map<string, SeenEvent>()
  for (const { request, at, told, answer, to } of requests)
    for (const [index, event] of told.entries()) {
      const seen = events.get(event.messageId) ?? {
        ...event,
        request,
        index,
        from: at,
        to: Number.NEGATIVE_INFINITY,
        acknowledged: false,
        times: 0,
      }
      const isSettled = seen.acknowledged
      events.set(event.messageId, {
        ...seen,
        to: isSettled ? seen.to : answer === 200 ? to : Math.max(seen.to, to),
        acknowledged: isSettled || answer === 200,
        times: seen.times + 1,
      })
    }
  return [...events.values()]
}
