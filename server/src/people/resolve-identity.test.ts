import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ParsedEvent } from '../collect/index.ts'
import type { PersonId, SubjectId } from '../kernel/index.ts'
import { type Identifier, identifierKey } from './identifiers.ts'
import {
  keysToLoad,
  type Parting,
  type PersonShape,
  personsToShape,
  type ResolvedIdentity,
  resolveIdentity,
} from './resolve-identity.ts'

type Sketch = {
  type?: 'track' | 'identify' | 'alias'
  userId?: string
  anonymousId?: string
  email?: string
  previousId?: string
  subjectId?: SubjectId
}

const eventOf = (sketch: Sketch, at: number): ParsedEvent => ({
  kind: 'event',
  messageId: `m${at}`,
  type: sketch.type ?? (sketch.email ? 'identify' : 'track'),
  name: 'x',
  userId: sketch.userId ?? null,
  anonymousId: sketch.anonymousId ?? null,
  otherId: sketch.previousId ?? null,
  occurredAt: at,
  receivedAt: at,
  historic: false,
  ...(sketch.subjectId ? { subjectId: sketch.subjectId } : {}),
  properties: sketch.email ? { email: sketch.email } : {},
  context: {},
})

/** Keeps what the stage keeps in PostgreSQL, so that batches can follow each other. */
const createWorld = () => {
  const subjects = new Map<string, SubjectId>()
  const persons = new Map<SubjectId, PersonId>()
  const firstSeen = new Map<SubjectId, number>()
  const identifiers: { identifier: Identifier; subjectId: SubjectId }[] = []
  const partings: { subjectId: SubjectId; parting: Parting }[] = []
  let minted = 0
  const shapeOf = (personId: PersonId): PersonShape => {
    const own = [...persons].filter(([, person]) => person === personId).map(([subject]) => subject)
    return {
      personId,
      firstSeenAt: Math.min(...own.map((subject) => firstSeen.get(subject) ?? 0)),
      subjects: own,
      identifiers: identifiers.filter((each) => own.includes(each.subjectId)).map((each) => each.identifier),
      partings: partings.filter((each) => own.includes(each.subjectId)).map((each) => each.parting),
    }
  }
  /** What staff do: the loser's subjects are hers again, and both sides are kept as parted. */
  const undo = (mergeId: string, { winner, loser, movedSubjects }: ResolvedIdentity['merges'][number]) => {
    for (const subject of movedSubjects) persons.set(subject, loser)
    for (const [subjectId, person] of persons)
      if (person === winner || person === loser)
        partings.push({ subjectId, parting: { mergeId, side: person === winner ? 'kept' : 'returned' } })
  }
  const take = (events: readonly ParsedEvent[]): ResolvedIdentity => {
    const known = new Map(
      [...keysToLoad(events)].flatMap((key) => (subjects.has(key) ? [[key, subjects.get(key)]] : [])),
    ) as Map<string, SubjectId>
    const shapes = new Map([...personsToShape(events, known, persons)].map((person) => [person, shapeOf(person)]))
    const resolved = resolveIdentity(events, { subjects: known, persons: new Map(persons), shapes }, () => {
      minted += 1
      return `s${String(minted).padStart(4, '0')}` as SubjectId
    })
    for (const each of resolved.newSubjects) {
      persons.set(each.subjectId, each.personId)
      firstSeen.set(each.subjectId, each.firstSeenAt)
    }
    for (const each of resolved.newIdentifiers) {
      expect(subjects.has(identifierKey(each.identifier))).toBe(false)
      subjects.set(identifierKey(each.identifier), each.subjectId)
      identifiers.push(each)
    }
    for (const merge of resolved.merges) for (const subject of merge.movedSubjects) persons.set(subject, merge.winner)
    return resolved
  }
  return {
    take,
    undo,
    persons,
    subjects,
    identifiers,
    personOf: (key: string) => persons.get(subjects.get(key) as SubjectId),
  }
}

describe('whose an event is', () => {
  test('a visitor who signs in becomes one person with what she did before', () => {
    const world = createWorld()
    world.take([eventOf({ anonymousId: 'a' }, 1)])
    const { merges } = world.take([eventOf({ userId: 'u', anonymousId: 'a', email: 'u@x.org' }, 2)])
    expect(merges).toMatchObject([{ reason: 'same-person-identified' }])
    expect(world.personOf('userId u')).toBe(world.personOf('anonymousId a'))
    expect(world.personOf('email u@x.org')).toBe(world.personOf('anonymousId a'))
  })

  test('what Baton says is of a subject is hers, wherever its other ids lead; of one that is gone it is nobody’s', () => {
    const world = createWorld()
    const { subjectOfEvent } = world.take([eventOf({ userId: 'ann' }, 1), eventOf({ userId: 'bob' }, 2)])
    const [ann, bob] = subjectOfEvent as readonly SubjectId[]
    const gone = 'gone' as SubjectId
    const told = world.take([
      eventOf({ type: 'alias', userId: 'bob', previousId: 'ann' }, 3),
      eventOf({ ...(bob ? { subjectId: bob } : {}), anonymousId: 'never seen' }, 4),
      eventOf({ ...(ann ? { subjectId: ann } : {}), userId: 'bob', anonymousId: 'other' }, 5),
      eventOf({ subjectId: gone, userId: 'carla' }, 6),
    ])
    expect(told.subjectOfEvent).toEqual([bob, bob, ann, null])
    expect(told.newSubjects).toEqual([])
    expect(told.newIdentifiers).toEqual([])
    expect(world.persons.get(bob as SubjectId)).toBe(world.persons.get(ann as SubjectId))
  })

  test('two known people who share a browser stay two', () => {
    const world = createWorld()
    world.take([eventOf({ userId: 'ann', anonymousId: 'shared' }, 1)])
    const { merges, conflicts } = world.take([
      eventOf({ userId: 'bob' }, 2),
      eventOf({ userId: 'bob', anonymousId: 'shared' }, 3),
    ])
    expect(merges).toEqual([])
    expect(conflicts).toMatchObject([{ reason: 'both-known' }])
    expect(world.personOf('userId ann')).not.toBe(world.personOf('userId bob'))
  })

  test('people known only by address are not joined by a browser either', () => {
    const world = createWorld()
    world.take([eventOf({ anonymousId: 'shared', email: 'ann@x.org' }, 1)])
    const { merges } = world.take([
      eventOf({ userId: 'bob', email: 'bob@x.org' }, 2),
      eventOf({ userId: 'bob', anonymousId: 'shared' }, 3),
    ])
    expect(merges).toEqual([])
  })

  test('alias is the sender’s own word', () => {
    const world = createWorld()
    world.take([eventOf({ userId: 'old' }, 1), eventOf({ userId: 'new' }, 2)])
    const { merges } = world.take([eventOf({ type: 'alias', userId: 'new', previousId: 'old' }, 3)])
    expect(merges).toMatchObject([{ reason: 'alias' }])
    expect(world.personOf('userId old')).toBe(world.personOf('userId new'))
  })

  test('who was parted by staff stays two, whoever joins either of them, until the sender says otherwise', () => {
    const others = fc.array(
      fc.record(
        { userId: fc.constant('u'), anonymousId: fc.constantFrom('a', 'b', 'c'), email: fc.constantFrom('e@x.org') },
        { requiredKeys: [] },
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(others, fc.nat(), (sketches, cut) => {
        const world = createWorld()
        world.take([eventOf({ anonymousId: 'a' }, 1)])
        const { merges } = world.take([eventOf({ userId: 'u', anonymousId: 'a' }, 2), eventOf({ userId: 'u' }, 3)])
        expect(merges).toHaveLength(1)
        for (const merge of merges) world.undo('m', merge)
        const events = sketches.map((each, at) => eventOf(each, at + 4))
        const at = cut % (events.length + 1)
        world.take(events.slice(0, at))
        world.take(events.slice(at))
        expect(world.personOf('anonymousId a')).not.toBe(world.personOf('userId u'))
        world.take([eventOf({ type: 'alias', userId: 'u', previousId: 'a' }, 99)])
        expect(world.personOf('anonymousId a')).toBe(world.personOf('userId u'))
      }),
    )
  })

  test('values that programs send for nobody identify nobody', () => {
    const world = createWorld()
    const { subjectOfEvent } = world.take([eventOf({ userId: 'null', anonymousId: 'undefined' }, 1)])
    expect(subjectOfEvent).toEqual([null])
  })

  const sketch: fc.Arbitrary<Sketch> = fc.record(
    {
      userId: fc.constantFrom('u1', 'u2', 'u3'),
      anonymousId: fc.constantFrom('a1', 'a2', 'a3', 'a4'),
      email: fc.constantFrom('e1@x.org', 'e2@x.org'),
    },
    { requiredKeys: [] },
  )

  test('the result does not depend on how events were cut into batches', () => {
    fc.assert(
      fc.property(fc.array(sketch, { maxLength: 25 }), fc.nat(), (sketches, cut) => {
        const events = sketches.map((each, at) => eventOf(each, at + 1))
        const whole = createWorld()
        whole.take(events)
        const parts = createWorld()
        const at = events.length === 0 ? 0 : cut % events.length
        parts.take(events.slice(0, at))
        parts.take(events.slice(at))
        for (const [key] of whole.subjects) expect(parts.personOf(key)).toBe(whole.personOf(key))
      }),
    )
  })

  test('no person ever has two user ids, and every subject has a person that is its own', () => {
    fc.assert(
      fc.property(fc.array(sketch, { maxLength: 30 }), (sketches) => {
        const world = createWorld()
        for (const [at, each] of sketches.entries()) world.take([eventOf(each, at + 1)])
        const userIds = new Map<string, Set<string>>()
        for (const { identifier, subjectId } of world.identifiers)
          if (identifier.kind === 'userId') {
            const person = world.persons.get(subjectId) as string
            userIds.set(person, (userIds.get(person) ?? new Set()).add(identifier.value))
          }
        for (const values of userIds.values()) expect(values.size).toBe(1)
        for (const person of world.persons.values())
          expect(world.persons.get(person as string as SubjectId)).toBe(person)
      }),
    )
  })
})
