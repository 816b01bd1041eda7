import type { LiveEvent } from '@baton/contract'
import {
  isTooDeep,
  type JsonValue,
  quarantineReasons,
  type ReadEvent,
  rawEventsOf,
  readLogTail,
  type StoredBatch,
} from '../collect/index.ts'
import type { PersonId, Position, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { pendingErasures } from './erasure-store.ts'
import type { Identifier } from './identifiers.ts'
import { personsOfSubjects } from './identity-store.ts'
import { readStored } from './read-stored.ts'
import { namesAny, namesSubject } from './tombstones.ts'
import { loadVerdicts } from './verdict-store.ts'
import { decodeVerdicts, type Verdict } from './verdicts.ts'

export interface LiveEventFilter {
  readonly search?: string | undefined
  readonly type?: string | undefined
  readonly name?: string | undefined
  readonly verdict?: LiveEvent['verdict'] | undefined
}

const batchesPerLook = 20
const mostBatchesLooked = 400

/** A place in the list: the batch and the event within it, newest first. */
export interface LiveEventPlace {
  readonly position: Position
  readonly index: number
}

/**
 * The newest events as they were sent, with what became of each, read from the log itself. Looks back at most 400
 * batches for what a filter asks; `next` says where to go on.
 */
export const readLiveEvents = async (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  request: { before: LiveEventPlace | null; limit: number; filter: LiveEventFilter },
): Promise<{ items: readonly LiveEvent[]; next: LiveEventPlace | null }> => {
  const items: LiveEvent[] = []
  let below = (request.before ? request.before.position + 1 : Number.MAX_SAFE_INTEGER) as Position
  for (let looked = 0; looked < mostBatchesLooked; looked += batchesPerLook) {
    const stored = await readLogTail(postgres, workspaceId, below, batchesPerLook)
    for (const batch of await describe(postgres, workspaceId, stored)) {
      for (const event of batch) {
        if (!isBefore(event, request.before) || !matches(event, request.filter)) continue
        items.push(event)
        if (items.length === request.limit) return { items, next: placeOf(event) }
      }
    }
    const last = stored.at(-1)
    if (!last || stored.length < batchesPerLook) return { items, next: null }
    below = last.position
  }
  return { items, next: { position: below, index: 0 } }
}

const placeOf = (event: LiveEvent): LiveEventPlace => ({ position: event.position as Position, index: event.index })

const isBefore = (event: LiveEvent, place: LiveEventPlace | null): boolean =>
  place === null || event.position < place.position || (event.position === place.position && event.index < place.index)

const matches = (event: LiveEvent, filter: LiveEventFilter): boolean => {
  if (filter.type && event.type !== filter.type) return false
  if (filter.name && event.name !== filter.name) return false
  if (filter.verdict && event.verdict !== filter.verdict) return false
  return !filter.search || textOf(event.raw).toLowerCase().includes(filter.search.toLowerCase())
}

const textOf = (raw: unknown): string => (typeof raw === 'string' ? raw : JSON.stringify(raw ?? null))

const describe = async (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  stored: readonly StoredBatch[],
): Promise<readonly (readonly LiveEvent[])[]> => {
  const read = stored.map((batch) => ({ batch, stored: readStored(batch) }))
  return postgres.inWorkspace(workspaceId, async (tx) => {
    const bytes = await loadVerdicts(
      tx,
      workspaceId,
      stored.map((batch) => batch.position),
    )
    const verdictsOf = new Map([...bytes].map(([position, each]) => [position, decodeVerdicts(each)]))
    const subjects = [...verdictsOf.values()].flat().flatMap((verdict) => verdict.subjectId ?? [])
    const persons = await personsOfSubjects(tx, workspaceId, [...new Set(subjects)])
    const pending = await pendingErasures(tx, workspaceId)
    const erased = {
      subjects: new Set(pending.flatMap(({ personIds }) => personIds as readonly string[])),
      identifiers: pending.flatMap(({ identifiers }) => identifiers),
    }
    return read.map(({ batch, stored: found }) => {
      if (found.kind === 'unreadable') return []
      const raws = found.requests.flatMap(rawEventsOf)
      const verdicts = verdictsOf.get(batch.position)
      return found.events
        .flatMap((event, index) => {
          const verdict = verdicts?.[index]
          const raw = raws[index]
          if (verdict?.kind === 'erased' || isErased(raw, verdict, persons, erased)) return []
          return [toLiveEvent(batch, index, event, raw, verdict?.kind ?? 'waiting', personOf(verdict, persons))]
        })
        .reverse()
    })
  })
}

/** Of somebody who was erased, while her bytes still stand in the log. */
const isErased = (
  raw: JsonValue | undefined,
  verdict: Verdict | undefined,
  persons: ReadonlyMap<SubjectId, PersonId>,
  { subjects, identifiers }: { subjects: ReadonlySet<string>; identifiers: readonly Identifier[] },
): boolean => {
  if (verdict?.subjectId) return !persons.has(verdict.subjectId)
  if (verdict === undefined || subjects.size === 0) return false
  return namesSubject(raw ?? null, subjects) || namesAny(raw ?? null, identifiers)
}

const personOf = (verdict: Verdict | undefined, persons: ReadonlyMap<SubjectId, PersonId>): PersonId | null =>
  verdict?.subjectId ? (persons.get(verdict.subjectId) ?? null) : null

const toLiveEvent = (
  batch: StoredBatch,
  index: number,
  event: ReadEvent,
  raw: JsonValue | undefined,
  verdict: LiveEvent['verdict'],
  personId: PersonId | null,
): LiveEvent => {
  const refused = event.kind === 'refused'
  return {
    position: batch.position,
    index,
    receivedAt: refused ? batch.receivedAt : event.receivedAt,
    occurredAt: event.kind === 'event' ? event.occurredAt : null,
    type: event.kind === 'event' ? event.type : event.kind,
    name: event.kind === 'event' ? event.name : event.kind === 'system' ? event.action : 'Refused event',
    messageId: refused ? null : event.messageId,
    verdict,
    historic: event.kind === 'event' && event.historic,
    reason: refused ? [event.reason, event.detail].filter(Boolean).join(': ') : null,
    remedy: refused ? quarantineReasons[event.reason] : null,
    personId,
    raw: refused && isTooDeep(raw ?? null) ? event.bytes.toString('utf8') : raw,
  }
}
