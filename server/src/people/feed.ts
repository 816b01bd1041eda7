import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { isObject, type ParsedEvent, type StoredBatch } from '../collect/index.ts'
import { lanes as allLanes, type Lane, readPosition } from '../jobs/index.ts'
import { must, type PersonId, type Position, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { toPersonEvent } from './describe-batches.ts'
import { orderFactOf } from './fold-order.ts'
import { peopleStageName } from './handle-batches.ts'
import { readHandledBatches } from './handled-batch-store.ts'
import { personsOfSubjects } from './identity-store.ts'
import { type PeopleBatch, type PeopleFeed, type PersonEvent, receiptOf } from './person-event.ts'
import { personsMergedBetween } from './person-facts-store.ts'
import { readStored } from './read-stored.ts'
import { decodeVerdicts } from './verdicts.ts'

interface Remembered {
  /** Everything after this position, up to the last batch, is here. */
  coversAfter: Position
  batches: PeopleBatch[]
  events: number
}

/** More than the biggest tick takes, so that a stage which is behind by one still need not read the log. */
const mostEventsRemembered = 100_000

/** The newest batches of each lane, kept in memory by the process that handled them. */
export interface BatchMemory {
  keep(workspaceId: WorkspaceId, lane: Lane, from: Position, batches: readonly PeopleBatch[]): void
  /** What is held after a position, if it reaches without a gap to `upTo`; else undefined. */
  after(workspaceId: WorkspaceId, lane: Lane, position: Position, upTo: Position): readonly PeopleBatch[] | undefined
  /** Lets go of what is held of a workspace: somebody in it was erased. */
  forget(workspaceId: WorkspaceId): void
}

export const createBatchMemory = (): BatchMemory => {
  const lanes = new Map<string, Remembered>()
  return {
    keep: (workspaceId, lane, from, batches) => {
      const key = `${workspaceId} ${lane}`
      let held = lanes.get(key)
      if (!held || (held.batches.at(-1)?.position ?? held.coversAfter) !== from) {
        held = { coversAfter: from, batches: [], events: 0 }
        lanes.set(key, held)
      }
      for (const batch of batches) {
        held.batches.push(batch)
        held.events += batch.events.length
      }
      while (held.events > mostEventsRemembered) {
        const gone = held.batches.shift()
        if (!gone) break
        held.coversAfter = gone.position
        held.events -= gone.events.length
      }
    },
    after: (workspaceId, lane, position, upTo) => {
      const held = lanes.get(`${workspaceId} ${lane}`)
      if (!held || position < held.coversAfter || held.batches.at(-1)?.position !== upTo) return undefined
      return held.batches.filter((batch) => batch.position > position)
    },
    forget: (workspaceId) => {
      for (const lane of allLanes) lanes.delete(`${workspaceId} ${lane}`)
    },
  }
}

/**
 * Batches from memory where it reaches, from the log and its verdicts where it does not. An accepted event whose subject is
 * no more is of somebody who was erased: nobody gets it, be it in the log still.
 */
export const createFeed = (deps: { postgres: Postgres; memory: BatchMemory }): PeopleFeed => ({
  after: async (workspaceId, lane, position, maxEvents) => {
    const upTo = await deps.postgres.askGlobal((db) => readPosition(db, workspaceId, peopleStageName, lane))
    if (upTo <= position) return []
    const held = deps.memory.after(workspaceId, lane, position, upTo)
    if (held) return takeUntil(held, maxEvents)
    return readFromLog(deps, workspaceId, lane, { after: position, upTo, maxEvents })
  },
})

const takeUntil = (batches: readonly PeopleBatch[], maxEvents: number): readonly PeopleBatch[] => {
  let events = 0
  const end = batches.findIndex((batch, index) => {
    events += batch.events.length
    return index > 0 && events > maxEvents
  })
  return end < 0 ? batches : batches.slice(0, end)
}

const readFromLog = async (
  deps: { postgres: Postgres },
  workspaceId: WorkspaceId,
  lane: Lane,
  range: { after: Position; upTo: Position; maxEvents: number },
): Promise<readonly PeopleBatch[]> => {
  const stored = await readHandledBatches(deps.postgres, workspaceId, lane, range)
  const read: ReturnType<typeof readHandled>[] = []
  for (const batch of stored) {
    read.push(readHandled(batch))
    await yieldToOthers()
  }
  const subjects = new Set(read.flatMap((batch) => batch.events.map((event) => event.subjectId)))
  const last = stored.at(-1)?.position ?? range.after
  const { persons, merged } = await deps.postgres.inWorkspace(workspaceId, async (tx) => ({
    persons: await personsOfSubjects(tx, workspaceId, [...subjects]),
    merged: await personsMergedBetween(tx, workspaceId, range.after, last),
  }))
  // A merge is recorded at the last position of its turn, which may be further than who asks will go with what he gets.
  const mergedAt = new Map<Position, PersonId[]>()
  for (const { personId, position } of merged) {
    const at = read.find((batch) => batch.position >= position)?.position ?? last
    mergedAt.set(at, [...(mergedAt.get(at) ?? []), personId])
  }
  return read.map((batch): PeopleBatch => {
    const changed = new Set<PersonId>()
    const personOf = new Map<SubjectId, PersonId>()
    const known = batch.events.filter(({ subjectId }) => persons.has(subjectId))
    for (const event of known) {
      const person = must(persons.get(event.subjectId), 'only events of somebody are left')
      changed.add(person)
      personOf.set(event.subjectId, person)
      // A person's id is that of her oldest subject: one that was merged away or split off must be looked at, too.
      changed.add(event.subjectId as string as PersonId)
    }
    for (const person of batch.undonePersons) changed.add(person)
    for (const personId of mergedAt.get(batch.position) ?? []) changed.add(personId)
    const changedPersons = [...changed]
    const { position, receivedAt, orderIds } = batch
    return {
      workspaceId,
      lane,
      position,
      receivedAt,
      events: known,
      personOf,
      changedPersons,
      reshapedPersons: changedPersons,
      orderIds,
    }
  })
}

const readHandled = (stored: StoredBatch & { verdicts: Buffer }) => {
  const verdicts = decodeVerdicts(stored.verdicts)
  const events: PersonEvent[] = []
  const orderIds = new Set<string>()
  const undonePersons: PersonId[] = []
  // What could not be read has no verdicts either.
  const read = readStored(stored)
  for (const [index, event] of (read.kind === 'read' ? read.events : []).entries()) {
    const verdict = verdicts[index]
    if (event.kind === 'system' && verdict?.kind === 'system') undonePersons.push(...personsNamed(event.properties))
    if (event.kind !== 'event' || verdict?.kind !== 'accepted' || !verdict.subjectId) continue
    const accepted: ParsedEvent = event
    events.push(toPersonEvent(accepted, verdict.subjectId))
    const order = orderFactOf(accepted)
    if (order) orderIds.add(order.orderId)
  }
  return {
    position: stored.position,
    receivedAt: receiptOf(events, stored.receivedAt),
    events,
    orderIds: [...orderIds],
    undonePersons,
  }
}

const personsNamed = (properties: unknown): readonly PersonId[] =>
  isObject(properties) && Array.isArray(properties.persons)
    ? properties.persons.map((id) => String(id) as PersonId)
    : []
