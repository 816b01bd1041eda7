import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId, type PersonId, type Position } from '../kernel/index.ts'
import { createKeptPeople, type Kept } from './kept-people.ts'

const persons = Array.from({ length: 12 }, () => newId<PersonId>())
const person = fc.constantFrom(...persons)
const position = fc.nat({ max: 2 ** 50 }).map((n) => n as Position)
const mask = fc.option(
  fc.record({
    words: fc.array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 4 }),
    nextChangeAt: fc.constantFrom(0, 1_700_000_000_000, 9_000_000_000_000_000),
  }),
)
const kept: fc.Arbitrary<Kept> = fc.record({
  traits: fc.constantFrom({ plan: 'pro' }, { plan: 'free' }),
  ownBytes: fc.nat({ max: 1000 }),
  events: fc.string({ maxLength: 5 }),
  mask,
  at: fc.record({ live: position, bulk: position }),
})
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), person, kept }),
  fc.record({ kind: fc.constant('remove' as const), person }),
  fc.record({ kind: fc.constant('to the end' as const), person }),
  fc.record({ kind: fc.constant('mask' as const), person, mask }),
  fc.record({ kind: fc.constant('used' as const), person, used: fc.boolean() }),
  fc.record({ kind: fc.constant('events' as const), person, events: fc.string(), position }),
)

test('columns say of each person what a row of her own would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const columns = createKeptPeople()
      const rows = new Map<PersonId, Kept>()
      const used = new Map<PersonId, boolean>()
      for (const each of steps) {
        const place = columns.placeOf(each.person)
        const row = rows.get(each.person)
        expect(place === undefined).toBe(row === undefined)
        if (place === undefined || row === undefined) {
          if (each.kind !== 'add') continue
          columns.add(each.person, each.kept)
          rows.set(each.person, each.kept)
          used.set(each.person, true)
          continue
        }
        if (each.kind === 'remove') {
          columns.remove(each.person)
          rows.delete(each.person)
        } else if (each.kind === 'to the end') {
          columns.toTheEnd(each.person)
          rows.delete(each.person)
          rows.set(each.person, row)
        } else if (each.kind === 'mask') {
          columns.setMask(place, each.mask)
          rows.set(each.person, { ...row, mask: each.mask })
        } else if (each.kind === 'used') {
          columns.setUsed(place, each.used)
          used.set(each.person, each.used)
        } else if (each.kind === 'events') {
          columns.setEvents(place, each.events)
          columns.setAt(place, 'bulk', each.position)
          rows.set(each.person, { ...row, events: each.events, at: { ...row.at, bulk: each.position } })
        }
      }
      const found = [...columns.inLine()].map(([personId, place]) => [
        personId,
        {
          traits: columns.traits(place),
          ownBytes: columns.bytes(place) - columns.events(place).length,
          events: columns.events(place),
          mask: columns.mask(place),
          at: { live: columns.at(place, 'live'), bulk: columns.at(place, 'bulk') },
        },
      ])
      expect(found).toEqual([...rows])
      for (const [personId, place] of columns.inLine()) expect(columns.wasUsed(place)).toBe(used.get(personId))
    }),
    { numRuns: 500 },
  )
})

test('thousands keep their own, also after masks grew wider and others took the places of those who left', () => {
  const columns = createKeptPeople()
  const people = Array.from({ length: 3_000 }, () => newId<PersonId>())
  const rowOf = (n: number): Kept => ({
    traits: {},
    ownBytes: n,
    events: `${n}`,
    mask: { words: Array.from({ length: n < 2_000 ? 1 : 3 }, (_, word) => n + word), nextChangeAt: n },
    at: { live: n as Position, bulk: 0 as Position },
  })
  for (const [n, personId] of people.entries()) {
    columns.add(personId, rowOf(n))
    if (n % 3 === 2) columns.remove(people[n - 1] ?? personId)
  }
  const wrong = people.filter((personId, n) => {
    const place = columns.placeOf(personId)
    if (n % 3 === 1) return place !== undefined
    return (
      place === undefined ||
      JSON.stringify([columns.mask(place), columns.events(place), columns.at(place, 'live')]) !==
        JSON.stringify([rowOf(n).mask, rowOf(n).events, n])
    )
  })
  expect(wrong).toEqual([])
})
