import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { z } from 'zod'

/**
 * What the witness writes down, one line of JSON each, on disk before anybody learns of it:
 * a request is `asked` before it goes on to the server, `answered` before its answer goes back, `lost` when the server
 * went away without an answer (nobody knows then); a `mail` before the sink says that it took it.
 */
const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('asked'), request: z.int(), messageIds: z.array(z.string()) }),
  z.object({ kind: z.literal('answered'), request: z.int(), status: z.int() }),
  z.object({ kind: z.literal('lost'), request: z.int() }),
  z.object({ kind: z.literal('mail'), messageId: z.string(), recipient: z.string() }),
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

/** What was seen, taken together. */
export interface Testimony {
  /** Every message id anybody ever asked to store. */
  readonly asked: ReadonlySet<string>
  /** Those in a request that was answered 200. */
  readonly acknowledged: ReadonlySet<string>
  /** How often each message (by its id in the ledger) was handed over. */
  readonly mails: ReadonlyMap<string, number>
  readonly requests: number
  readonly unanswered: number
}

export const readJournal = (path: string): Testimony => {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return testimonyOf(lines.map((line) => entry.parse(JSON.parse(line))))
}

export const testimonyOf = (entries: readonly JournalEntry[]): Testimony => {
  const open = new Map<number, readonly string[]>()
  const asked = new Set<string>()
  const acknowledged = new Set<string>()
  const mails = new Map<string, number>()
  let requests = 0
  for (const one of entries) {
    if (one.kind === 'mail') mails.set(one.messageId, (mails.get(one.messageId) ?? 0) + 1)
    else if (one.kind === 'asked') {
      requests += 1
      open.set(one.request, one.messageIds)
      for (const id of one.messageIds) asked.add(id)
    } else {
      if (one.kind === 'answered' && one.status === 200)
        for (const id of open.get(one.request) ?? []) acknowledged.add(id)
      if (one.kind === 'answered') open.delete(one.request)
    }
  }
  return { asked, acknowledged, mails, requests, unanswered: open.size }
}
