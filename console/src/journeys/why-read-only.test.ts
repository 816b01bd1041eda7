import type { Permission } from '@baton/contract'
import { expect, test } from 'vitest'
import { whyReadOnly } from './why-read-only.ts'

const may = { permissions: ['workspace:read', 'journeys:write'] } satisfies { permissions: Permission[] }

test.each([
  ['who may write and answers for all', { ...may, scope: {} }, 'contact', null],
  ['who answers for its phase', { ...may, scope: { phases: ['contact'] } }, 'contact', null],
  ['who answers for another', { ...may, scope: { phases: ['loyalty'] } }, 'contact', 'phase'],
  ['who answers for another, of no phase yet', { ...may, scope: { phases: ['loyalty'] } }, null, null],
  ['who answers for a partner', { ...may, scope: { partner: 'Agency' } }, 'contact', null],
  ['whose role may not', { permissions: [], scope: {} }, 'contact', 'role'],
])('%s', (_who, who, phase, why) => {
  expect(whyReadOnly(who, phase)).toBe(why)
})
