import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brandAs, newId, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import { createIdentityCache } from './identity-cache.ts'

const workspaceId = brandAs<WorkspaceId>('01900000-0000-7000-8000-000000000001')
const other = brandAs<WorkspaceId>('01900000-0000-7000-8000-000000000002')
const third = brandAs<WorkspaceId>('01900000-0000-7000-8000-000000000003')
const subjects = Array.from({ length: 5 }, () => newId<SubjectId>())
const subject = fc.constantFrom(...subjects)
const key = fc.constantFrom('userId a', 'userId b', 'email a@b.example', 'anonymousId ä', 'anonymousId  ')

test('says of whom it was told last, also after merges and after they were undone', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('keep' as const), key, subject }),
    fc.record({ kind: fc.constant('belongs' as const), subject, to: subject }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const remembered = createIdentityCache().of(workspaceId, 1)
      const subjectOf = new Map<string, SubjectId>()
      const personOf = new Map<SubjectId, PersonId>()
      for (const each of steps)
        if (each.kind === 'keep') {
          remembered.keep(each.key, each.subject)
          subjectOf.set(each.key, each.subject)
        } else {
          remembered.belongs(each.subject, brandAs<PersonId>(each.to))
          personOf.set(each.subject, brandAs<PersonId>(each.to))
        }
      for (const [name, subjectId] of subjectOf)
        expect(remembered.find(name)).toEqual({ subjectId, personId: personOf.get(subjectId) ?? subjectId })
      expect(remembered.find('userId nobody')).toBeUndefined()
    }),
  )
})

const known = subjects[0] ?? newId<SubjectId>()

test('what was remembered under another lease, or before a turn that failed, is gone', () => {
  const cache = createIdentityCache()
  cache.of(workspaceId, 1).keep('userId a', known)
  expect(cache.of(workspaceId, 1).find('userId a')).toBeDefined()
  expect(cache.of(workspaceId, 2).find('userId a')).toBeUndefined()
  cache.of(workspaceId, 2).keep('userId a', known)
  cache.forget(workspaceId)
  expect(cache.of(workspaceId, 2).find('userId a')).toBeUndefined()
})

test('begins anew where it is full, and gives up the workspace used longest ago before that', () => {
  const two = 2.5 * createIdentityCache().of(workspaceId, 1).bytes
  const cache = createIdentityCache(two)
  cache.of(other, 1).keep('userId b', known)
  cache.of(workspaceId, 1).keep('userId a', known)
  expect(cache.of(other, 1).find('userId b')).toBeDefined()
  cache.of(third, 1)
  expect(cache.of(other, 1).find('userId b')).toBeDefined()
  expect(cache.of(workspaceId, 1).find('userId a')).toBeUndefined()
  for (let n = 0; cache.of(other, 1).find('userId b') !== undefined; n++) {
    expect(n).toBeLessThan(10_000)
    cache.of(other, 1).keep(`anonymousId ${n}`, known)
  }
  expect(cache.of(other, 1).find('anonymousId 0')).toBeUndefined()
})
