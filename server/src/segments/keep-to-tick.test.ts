import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PersonId } from '../kernel/index.ts'
import { keepToTick } from './keep-to-tick.ts'
import { changedSlots, hasSlot } from './mask.ts'
import type { MaskDifference } from './mask-sql.ts'

const word = fc.integer({ min: 0, max: 0xffffffff })
const instant = fc.integer({ min: 1, max: 1_000 })
const differenceArb = fc.record({
  personId: fc.constantFrom('ann', 'bob', 'cid').map((id) => id as PersonId),
  present: fc.boolean(),
  known: fc.boolean(),
  words: fc.array(word, { maxLength: 3 }),
  oldWords: fc.array(word, { maxLength: 3 }),
  leaves: fc.constant([]),
  nextChangeAt: instant,
  oldNextChangeAt: instant,
}) satisfies fc.Arbitrary<MaskDifference>
const membersArb = fc.uniqueArray(fc.nat(95), { minLength: 1, maxLength: 40 })

test('whom a tick is not about keeps her memberships, comes and goes by her own tick, and is counted', () => {
  fc.assert(
    fc.property(fc.array(differenceArb), membersArb, (differences, slots) => {
      const persons = new Set(['ann' as PersonId])
      const members = slots.map((slot) => ({ slot }))
      const kept = keepToTick(differences, persons, members)
      const own = ({ personId }: MaskDifference) => persons.has(personId)
      expect(kept.filter(own)).toEqual(differences.filter(own))
      const others = differences.filter((each) => !own(each) && each.present && each.known)
      const keptOthers = kept.filter((each) => !own(each))
      expect(keptOthers).toHaveLength(others.length)
      for (const [index, { words, oldWords, nextChangeAt, oldNextChangeAt }] of keptOthers.entries()) {
        const found = others[index]?.words ?? []
        for (let slot = 0; slot < 96; slot += 1)
          expect(hasSlot(words, slot)).toBe(hasSlot(slots.includes(slot) ? oldWords : found, slot))
        const isAhead = changedSlots(words, found).length > 0
        expect(nextChangeAt).toBe(
          isAhead ? Math.min(others[index]?.nextChangeAt ?? 0, oldNextChangeAt) : others[index]?.nextChangeAt,
        )
      }
    }),
  )
})

test('where no rule is live nobody was looked at before: everybody found is written', () => {
  fc.assert(
    fc.property(fc.array(differenceArb), (differences) => {
      expect(keepToTick(differences, new Set(), [])).toEqual(differences)
    }),
  )
})
