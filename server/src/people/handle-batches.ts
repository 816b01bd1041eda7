import { dedupGeneration, type JsonObject, type ParsedEvent } from '../collect/index.ts'
import { commitPosition, quarantineItems, type Turn } from '../jobs/index.ts'
import {
  crashPoint,
  must,
  newId,
  type PersonId,
  type Position,
  type SubjectId,
  type WorkspaceId,
} from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { describeBatches } from './describe-batches.ts'
import { readBulkTombstones } from './erasure-store.ts'
import { findRestated, type StatedTraits } from './find-restated.ts'
import { dedupKeyOf, type ReadBatch, type SortedBatches, sortBatches } from './fold-batch.ts'
import { emptyProfile, foldTraits, type SubjectProfile } from './fold-traits.ts'
import { hideErased } from './hide-person.ts'
import { type Identifier, type IdentifierKind, identifierKey } from './identifiers.ts'
import type { RememberedIdentity } from './identity-cache.ts'
import { findIdentifiers, loadShapesToMerge, personsOfSubjects, saveIdentity, undoMerge } from './identity-store.ts'
import { saveOrders } from './order-store.ts'
import type { PeopleBatch } from './person-event.ts'
import { tokensOfIdentifier, tokensOfTraits } from './person-tokens.ts'
import { copyTokens, loadProfiles, saveProfiles, saveTokens } from './profile-store.ts'
import {
  keysToLoad,
  personsToShape,
  type ResolvedIdentity,
  resolveIdentity,
  subjectsNamed,
} from './resolve-identity.ts'
import { findStatedOrders, foldStatedOrders } from './stated-orders.ts'
import { everyIdentifierOf, type TombstoneHash } from './tombstones.ts'
import { findSeenKeys, saveKeys, saveQuarantined, saveVerdicts } from './verdict-store.ts'
import { encodeVerdicts } from './verdicts.ts'

export const peopleStageName = 'people'

/** Some log batches to handle in one transaction. */
export interface Work {
  readonly batches: readonly ReadBatch[]
  readonly from: Position
  readonly to: Position
  readonly remembered: RememberedIdentity
  readonly currency: string
  readonly hashOf: TombstoneHash
}

export interface HandledBatches {
  readonly batches: readonly PeopleBatch[]
  /** To be called when the transaction is committed: what it changed is remembered. */
  readonly remember: () => void
  /** How many people were erased: nothing that was remembered of the workspace is good any more. */
  readonly erased: number
}

/** Reads and decides first, writes at the end: one transaction's work. Crashes, duplicates and races are its matter. */
export const handleBatches = async (tx: Tx, turn: Turn, work: Work): Promise<HandledBatches> => {
  const { workspaceId } = turn
  const { sorted, stated } = await sortAgainstSeen(tx, turn, work)
  const events = sorted.accepted.map((each) => each.event)
  const identity = await resolve(tx, workspaceId, events, work.remembered)
  const traits = await foldProfiles(tx, workspaceId, events, identity)
  const orders = foldStatedOrders(events, identity, stated, work.currency)
  // The bulk lane holds imports.
  const restated =
    turn.lane === 'bulk' ? findRestated(events, traits.stated, traits.known, identity) : new Set<number>()

  await saveIdentity(tx, workspaceId, identity, { position: work.to, newMergeId: newId })
  await saveProfiles(tx, workspaceId, traits.profiles, turn.now)
  await saveOrders(tx, workspaceId, orders.rows, work.to)
  await saveTokens(tx, workspaceId, tokensToSave(identity, traits.stated))
  await copyTokens(
    tx,
    workspaceId,
    identity.merges.map((merge) => ({ from: merge.loser, to: merge.winner })),
  )
  const undone = await undoMerges(tx, turn, sorted)
  const erased = await hideErased(tx, workspaceId, sorted.system, { ...work, position: work.to, at: turn.now })

  const verdicts = fillSubjects(sorted, identity, restated)
  await saveQuarantined(tx, workspaceId, sorted.quarantined)
  await saveVerdicts(
    tx,
    workspaceId,
    work.batches.map((batch, index) => ({
      position: batch.position,
      storedOn: batch.storedOn,
      verdicts: encodeVerdicts(must(verdicts[index], 'a verdict list a batch')),
    })),
  )
  await saveKeys(tx, generationOf(work.batches), sorted.newKeys)
  await quarantineItems(
    tx,
    turn,
    { stage: peopleStageName, position: work.to },
    work.batches.flatMap(({ position, unreadable }) =>
      unreadable === null ? [] : [{ kind: 'batch' as const, item: String(position), reason: unreadable }],
    ),
  )
  const handled = work.batches.reduce((sum, batch) => sum + batch.events.length, 0)
  await commitPosition(tx, turn, { stage: peopleStageName, from: work.from, to: work.to, handled, at: turn.now })
  crashPoint('people.before-commit')

  return {
    batches: describeBatches(turn, work.batches, sorted, {
      identity,
      profiled: new Set(traits.profiles.keys()),
      orderOfEvent: orders.ofEvent,
      restated,
      undone: undone.persons,
    }),
    erased,
    remember: () => {
      remember(work.remembered, identity)
      // Merges are undone after all that the same turn found out.
      for (const [subject, person] of undone.personOf) work.remembered.belongs(subject, person)
    },
  }
}

const generationOf = (batches: readonly ReadBatch[]) => dedupGeneration(must(batches[0], 'a turn has a batch').storedOn)

const noTombstones: ReadonlyMap<string, Position> = new Map()

const sortAgainstSeen = async (tx: Tx, { workspaceId, lane }: Turn, { batches, from, hashOf }: Work) => {
  const keys = batches.map((batch) =>
    batch.events.map((event) => (event.kind === 'refused' ? null : dedupKeyOf(workspaceId, event.messageId))),
  )
  const asked = keys.flat().filter((key): key is string => key !== null)
  const seen = await findSeenKeys(tx, generationOf(batches), asked)
  // In the live lane whoever was erased is so by an entry of the log itself; the bulk lane may be far behind it.
  const gone = lane === 'bulk' ? await readBulkTombstones(tx, workspaceId, from) : noTombstones
  const isForgotten = (event: ParsedEvent, { position }: ReadBatch) =>
    gone.size > 0 &&
    everyIdentifierOf(event).some((one) => position < (gone.get(hashOf(workspaceId, one).toString('hex')) ?? 0))
  const stated = await findStatedOrders(tx, workspaceId, batches, keys, seen)
  const known = new Set([...seen, ...stated.keptKeys])
  return { sorted: sortBatches(workspaceId, batches, keys, known, isForgotten), stated }
}

const resolve = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  events: readonly ParsedEvent[],
  remembered: RememberedIdentity,
): Promise<ResolvedIdentity> => {
  const { subjects, persons } = await whoseIdentifiers(tx, workspaceId, keysToLoad(events), remembered)
  for (const [subject, person] of await personsOfSubjects(tx, workspaceId, subjectsNamed(events)))
    persons.set(subject, person)
  const shapes = await loadShapesToMerge(tx, workspaceId, [...personsToShape(events, subjects, persons)])
  for (const shape of shapes.values()) for (const subject of shape.subjects) persons.set(subject, shape.personId)
  return resolveIdentity(events, { subjects, persons, shapes }, newId<SubjectId>)
}

/** Of those that were seen before: by what is remembered, else by the store. */
const whoseIdentifiers = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  keys: ReadonlySet<string>,
  remembered: RememberedIdentity,
) => {
  const subjects = new Map<string, SubjectId>()
  const persons = new Map<SubjectId, PersonId>()
  const unknown: Identifier[] = []
  for (const key of keys) {
    const known = remembered.find(key)
    if (known === undefined) {
      const space = key.indexOf(' ')
      unknown.push({ kind: key.slice(0, space) as IdentifierKind, value: key.slice(space + 1) })
      continue
    }
    subjects.set(key, known.subjectId)
    persons.set(known.subjectId, known.personId)
  }
  for (const found of await findIdentifiers(tx, workspaceId, unknown)) {
    const key = identifierKey(found)
    remembered.keep(key, found.subjectId)
    remembered.belongs(found.subjectId, found.personId)
    subjects.set(key, found.subjectId)
    persons.set(found.subjectId, found.personId)
  }
  return { subjects, persons }
}

const remember = (remembered: RememberedIdentity, identity: ResolvedIdentity) => {
  for (const { identifier, subjectId } of identity.newIdentifiers) remembered.keep(identifierKey(identifier), subjectId)
  for (const [subject, person] of identity.persons) remembered.belongs(subject, person)
  for (const merge of identity.merges)
    for (const subject of merge.movedSubjects)
      remembered.belongs(subject, identity.persons.get(subject) ?? merge.winner)
}

interface FoldedTraits {
  readonly profiles: ReadonlyMap<SubjectId, SubjectProfile>
  readonly stated: readonly StatedTraits[]
  /** As they were before. */
  readonly known: ReadonlyMap<SubjectId, SubjectProfile>
}

const foldProfiles = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  events: readonly ParsedEvent[],
  identity: ResolvedIdentity,
): Promise<FoldedTraits> => {
  const stated: StatedTraits[] = []
  events.forEach((event, index) => {
    const subjectId = identity.subjectOfEvent[index]
    const traits = statedTraits(event)
    if (subjectId && traits) stated.push({ index, subjectId, traits, at: event.occurredAt })
  })
  const known = await loadProfiles(tx, workspaceId, [...new Set(stated.map((each) => each.subjectId))])
  const profiles = new Map<SubjectId, SubjectProfile>()
  for (const { subjectId, traits, at } of stated)
    profiles.set(subjectId, foldTraits(profiles.get(subjectId) ?? known.get(subjectId) ?? emptyProfile, traits, at))
  return { profiles, stated, known }
}

/**
 * The facts an event states about its person: an identify's traits; a group's id; the locale and zone of an identify. Who
 * somebody claims to be, unconfirmed (`context.unconfirmed`), leads to a person and states nothing of her.
 */
const statedTraits = (event: ParsedEvent): JsonObject | null => {
  if (event.type === 'group') return event.otherId === null ? null : { groupId: event.otherId }
  if (event.type !== 'identify' || event.context.unconfirmed === true) return null
  const { timezone, locale } = event.context
  return {
    ...(typeof timezone === 'string' ? { timezone } : {}),
    ...(typeof locale === 'string' ? { locale } : {}),
    ...event.properties,
  }
}

const tokensToSave = (identity: ResolvedIdentity, stated: FoldedTraits['stated']) => {
  const personOf = (subject: SubjectId) => must(identity.persons.get(subject), 'every subject touched has a person')
  return [
    ...identity.newIdentifiers.flatMap(({ identifier, subjectId }) =>
      tokensOfIdentifier(identifier).map((token) => ({ personId: personOf(subjectId), token })),
    ),
    ...stated.flatMap(({ subjectId, traits }) =>
      tokensOfTraits(traits).map((token) => ({ personId: personOf(subjectId), token })),
    ),
  ]
}

/** Corrections that staff made stand in the log like events, so that they are applied in order. */
const undoMerges = async (
  tx: Tx,
  turn: Turn,
  sorted: SortedBatches,
): Promise<{ readonly persons: readonly PersonId[]; readonly personOf: ReadonlyMap<SubjectId, PersonId> }> => {
  const persons: PersonId[] = []
  const personOf = new Map<SubjectId, PersonId>()
  for (const event of sorted.system) {
    if (event.action !== 'undo-merge') continue
    const { mergeId, actor } = event.properties
    const undo = { mergeId: String(mergeId), actor: String(actor), at: turn.now }
    const undone = await undoMerge(tx, turn.workspaceId, undo)
    if (!undone) continue
    persons.push(undone.winner, undone.loser)
    const now = await personsOfSubjects(tx, turn.workspaceId, undone.subjects)
    for (const [subject, person] of now) personOf.set(subject, person)
  }
  return { persons, personOf }
}

const fillSubjects = (sorted: SortedBatches, identity: ResolvedIdentity, restated: ReadonlySet<number>) => {
  const filled = sorted.verdicts.map((list) => [...list])
  sorted.accepted.forEach(({ batch, index }, accepted) => {
    const list = must(filled[batch], 'a verdict list a batch')
    list[index] = restated.has(accepted)
      ? { kind: 'duplicate', subjectId: null }
      : { kind: 'accepted', subjectId: identity.subjectOfEvent[accepted] ?? null }
  })
  return filled
}
