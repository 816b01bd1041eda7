import type { ParsedEvent } from '../collect/index.ts'
import { type Instant, must, type PersonId, type SubjectId } from '../kernel/index.ts'
import { type Identifier, identifierKey, identifiersOf } from './identifiers.ts'

/** What is known of a person when it must be decided whether she and another are one. */
export interface PersonShape {
  readonly personId: PersonId
  readonly firstSeenAt: Instant
  readonly subjects: readonly SubjectId[]
  readonly identifiers: readonly Identifier[]
  /** The sides she holds of merges that staff took back. */
  readonly partings: readonly Parting[]
}

/** One of the two sides into which staff parted a person: of an undone merge, who kept her id, or who got hers back. */
export interface Parting {
  readonly mergeId: string
  readonly side: 'kept' | 'returned'
}

export interface KnownIdentity {
  /** Subject of each identifier already seen, by `identifierKey`. */
  readonly subjects: ReadonlyMap<string, SubjectId>
  /** Person of each of those subjects, and of those that events name themselves (`subjectsNamed`), where they are still there. */
  readonly persons: ReadonlyMap<SubjectId, PersonId>
  /** Shapes of the persons named by `personsToShape`. */
  readonly shapes: ReadonlyMap<PersonId, PersonShape>
}

export type MergeReason = 'same-person-identified' | 'same-email' | 'same-phone' | 'alias'
export type ConflictReason = 'parted' | 'both-known' | 'too-many-subjects'

export interface ResolvedIdentity {
  /** The subject of each event, in order; null where the event names nobody (blocked values only), or who was erased. */
  readonly subjectOfEvent: readonly (SubjectId | null)[]
  readonly newSubjects: readonly { subjectId: SubjectId; personId: PersonId; firstSeenAt: Instant }[]
  readonly newIdentifiers: readonly { identifier: Identifier; subjectId: SubjectId; firstSeenAt: Instant }[]
  readonly merges: readonly {
    winner: PersonId
    loser: PersonId
    reason: MergeReason
    movedSubjects: readonly SubjectId[]
    at: Instant
  }[]
  readonly conflicts: readonly { personId: PersonId; other: PersonId; reason: ConflictReason; at: Instant }[]
  /** Person of every subject touched, after all merges. */
  readonly persons: ReadonlyMap<SubjectId, PersonId>
}

/** A person with more browsers than this is a shared machine or a robot; no more are merged into her. */
const mostSubjects = 200

/** None where the event names its subject: what stands beside it may lead to somebody else by now. */
const identifiersToFollow = (event: ParsedEvent): readonly Identifier[] =>
  event.subjectId === undefined ? identifiersOf(event) : []

/** The event's identifiers; for alias, the former id too, as a user id where one is known, else as an anonymous one. */
const identifiersWithAlias = (event: ParsedEvent, subjects: ReadonlyMap<string, SubjectId>): readonly Identifier[] => {
  const own = identifiersToFollow(event)
  if (event.type !== 'alias' || event.otherId === null) return own
  const asUser: Identifier = { kind: 'userId', value: event.otherId }
  const former: Identifier = subjects.has(identifierKey(asUser))
    ? asUser
    : { kind: 'anonymousId', value: event.otherId }
  return [...own, former]
}

/** Every identifier key these events may ask for. */
export const keysToLoad = (events: readonly ParsedEvent[]): ReadonlySet<string> => {
  const keys = new Set<string>()
  for (const event of events) {
    for (const identifier of identifiersToFollow(event)) keys.add(identifierKey(identifier))
    if (event.type === 'alias' && event.otherId !== null) {
      keys.add(identifierKey({ kind: 'userId', value: event.otherId }))
      keys.add(identifierKey({ kind: 'anonymousId', value: event.otherId }))
    }
  }
  return keys
}

/** The subjects that events name themselves. */
export const subjectsNamed = (events: readonly ParsedEvent[]): readonly SubjectId[] => [
  ...new Set(events.flatMap(({ subjectId }) => subjectId ?? [])),
]

/** The persons whose shape `resolveIdentity` may need: those of events whose identifiers do not all lead to one person. */
export const personsToShape = (
  events: readonly ParsedEvent[],
  subjects: ReadonlyMap<string, SubjectId>,
  persons: ReadonlyMap<SubjectId, PersonId>,
): ReadonlySet<PersonId> => {
  const wanted = new Set<PersonId>()
  for (const event of events) {
    const identifiers = identifiersWithAlias(event, subjects)
    if (identifiers.length < 2) continue
    const found = identifiers.map((identifier) => {
      const subject = subjects.get(identifierKey(identifier))
      return subject === undefined ? undefined : persons.get(subject)
    })
    if (new Set(found).size === 1 && found[0] !== undefined) continue
    for (const person of found) if (person !== undefined) wanted.add(person)
  }
  return wanted
}

interface Shape {
  firstSeenAt: Instant
  subjects: SubjectId[]
  userIds: Set<string>
  /** userId, e-mail and phone values: what makes her known. */
  strong: Set<string>
  partings: Parting[]
}

/**
 * Whose each event is, deterministically. The most telling identifier of an event names its subject; one never seen
 * mints a subject when it leads the event and attaches to the leader's otherwise. Where an event shows that two persons
 * are one, they merge, oldest first, unless both are already known by different user ids (or, through a shared browser,
 * by any different known identifier), or staff parted them before: then the conflict is recorded and nothing merges.
 * `alias` is the sender's own word and always merges. An event that names its subject mints and merges nobody.
 */
export const resolveIdentity = (
  events: readonly ParsedEvent[],
  known: KnownIdentity,
  mintSubject: () => SubjectId,
): ResolvedIdentity => {
  const subjects = new Map(known.subjects)
  const persons = new Map(known.persons)
  const shapes = new Map<PersonId, Shape>()
  const movedTo = new Map<PersonId, PersonId>()
  const result = {
    subjectOfEvent: [] as (SubjectId | null)[],
    newSubjects: [] as { subjectId: SubjectId; personId: PersonId; firstSeenAt: Instant }[],
    newIdentifiers: [] as { identifier: Identifier; subjectId: SubjectId; firstSeenAt: Instant }[],
    merges: [] as ResolvedIdentity['merges'][number][],
    conflicts: [] as ResolvedIdentity['conflicts'][number][],
  }

  const currentPerson = (subjectId: SubjectId): PersonId => {
    let person = must(persons.get(subjectId), 'every subject has a person')
    for (let next = movedTo.get(person); next !== undefined; next = movedTo.get(person)) person = next
    return person
  }

  const shapeOf = (personId: PersonId): Shape => {
    const seen = shapes.get(personId)
    if (seen) return seen
    const loaded = must(known.shapes.get(personId), 'personsToShape names every person that may merge')
    const shape: Shape = {
      firstSeenAt: loaded.firstSeenAt,
      subjects: [...loaded.subjects],
      userIds: new Set(),
      strong: new Set(),
      partings: [...loaded.partings],
    }
    shapes.set(personId, shape)
    for (const identifier of loaded.identifiers) noteStrength(shape, identifier)
    return shape
  }

  const attach = (identifier: Identifier, subjectId: SubjectId, at: Instant) => {
    subjects.set(identifierKey(identifier), subjectId)
    result.newIdentifiers.push({ identifier, subjectId, firstSeenAt: at })
    const person = currentPerson(subjectId)
    if (shapes.has(person) || known.shapes.has(person)) noteStrength(shapeOf(person), identifier)
  }

  const mint = (identifier: Identifier, at: Instant): SubjectId => {
    const subjectId = mintSubject()
    const personId = subjectId as string as PersonId
    persons.set(subjectId, personId)
    const nothing = { userIds: new Set<string>(), strong: new Set<string>(), partings: [] }
    shapes.set(personId, { firstSeenAt: at, subjects: [subjectId], ...nothing })
    result.newSubjects.push({ subjectId, personId, firstSeenAt: at })
    attach(identifier, subjectId, at)
    return subjectId
  }

  const merge = (one: PersonId, other: PersonId, reason: MergeReason, at: Instant) => {
    const [a, b] = [shapeOf(one), shapeOf(other)]
    const oneIsOlder = a.firstSeenAt < b.firstSeenAt || (a.firstSeenAt === b.firstSeenAt && one < other)
    const [winner, loser, kept, gone] = oneIsOlder ? [one, other, a, b] : [other, one, b, a]
    result.merges.push({ winner, loser, reason, movedSubjects: [...gone.subjects], at })
    kept.subjects.push(...gone.subjects)
    for (const value of gone.userIds) kept.userIds.add(value)
    for (const value of gone.strong) kept.strong.add(value)
    kept.partings.push(...gone.partings)
    movedTo.set(loser, winner)
  }

  for (const event of events) {
    if (event.subjectId !== undefined) {
      result.subjectOfEvent.push(persons.has(event.subjectId) ? event.subjectId : null)
      continue
    }
    const [leader, ...others] = identifiersWithAlias(event, subjects)
    if (!leader) {
      result.subjectOfEvent.push(null)
      continue
    }
    const subjectId = subjects.get(identifierKey(leader)) ?? mint(leader, event.occurredAt)
    result.subjectOfEvent.push(subjectId)
    for (const identifier of others) {
      const beside = subjects.get(identifierKey(identifier))
      if (beside === undefined) {
        attach(identifier, subjectId, event.occurredAt)
        continue
      }
      const [one, other] = [currentPerson(subjectId), currentPerson(beside)]
      if (one === other) continue
      const verdict = mayMerge(event, identifier, shapeOf(one), shapeOf(other))
      if (verdict.kind === 'merge') merge(one, other, verdict.reason, event.occurredAt)
      else result.conflicts.push({ personId: one, other, reason: verdict.reason, at: event.occurredAt })
    }
  }
  return { ...result, persons: new Map([...persons.keys()].map((subject) => [subject, currentPerson(subject)])) }
}

const noteStrength = (shape: Shape, identifier: Identifier) => {
  if (identifier.kind === 'userId') shape.userIds.add(identifier.value)
  if (identifier.kind !== 'anonymousId') shape.strong.add(identifierKey(identifier))
}

const wereParted = (one: Shape, other: Shape): boolean =>
  one.partings.some(({ mergeId, side }) =>
    other.partings.some((each) => each.mergeId === mergeId && each.side !== side),
  )

const mayMerge = (
  event: ParsedEvent,
  through: Identifier,
  one: Shape,
  other: Shape,
): { kind: 'merge'; reason: MergeReason } | { kind: 'conflict'; reason: ConflictReason } => {
  if (event.type === 'alias') return { kind: 'merge', reason: 'alias' }
  if (wereParted(one, other)) return { kind: 'conflict', reason: 'parted' }
  if (one.subjects.length + other.subjects.length > mostSubjects)
    return { kind: 'conflict', reason: 'too-many-subjects' }
  if (one.userIds.size > 0 && other.userIds.size > 0) return { kind: 'conflict', reason: 'both-known' }
  if (through.kind === 'email') return { kind: 'merge', reason: 'same-email' }
  if (through.kind === 'phone') return { kind: 'merge', reason: 'same-phone' }
  if (one.strong.size > 0 && other.strong.size > 0) return { kind: 'conflict', reason: 'both-known' }
  return { kind: 'merge', reason: 'same-person-identified' }
}
