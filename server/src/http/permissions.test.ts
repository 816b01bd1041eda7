import { roles } from '@baton/contract'
import { expect, test } from 'vitest'
import type { Principal } from './access.ts'
import { may, mayGrant, reaches, rolePermissions } from './permissions.ts'

test('everybody can look around, and only the owner may do everything', () => {
  for (const role of roles) expect(may({ role, scope: {} }, 'workspace:read'), role).toBe(true)
  const everything = rolePermissions.owner.length
  expect(roles.filter((role) => rolePermissions[role].length === everything)).toEqual(['owner'])
})

test('an agency never sees customers, finance sees money but no customers', () => {
  expect(may({ role: 'partner', scope: {} }, 'people:read')).toBe(false)
  expect(may({ role: 'finance', scope: {} }, 'people:read')).toBe(false)
  expect(may({ role: 'finance', scope: {} }, 'money:read')).toBe(true)
})

test('a scope narrows a role and never widens it', () => {
  const key: Pick<Principal, 'role' | 'scope'> = {
    role: 'analyst',
    scope: { permissions: ['people:read', 'keys:write'] },
  }
  expect([may(key, 'people:read'), may(key, 'keys:write'), may(key, 'money:read')]).toEqual([true, false, false])
})

test('who answers for a part changes nothing that is there once for all', () => {
  for (const scope of [{ phases: ['contact'] }, { partner: 'Agency' }]) {
    const who = { role: 'conductor', scope } as const
    expect([may(who, 'policy:write'), may(who, 'channels:write'), may(who, 'journeys:write')]).toEqual([
      false,
      false,
      true,
    ])
    expect(reaches(who, 'operation')).toBe(false)
  }
  expect([reaches({ scope: { phases: [] } }, 'firm'), reaches({ scope: { partner: 'Agency' } }, 'firm')]).toEqual([
    true,
    false,
  ])
})

test('a part is handed on whole or smaller, never left out', () => {
  const who: Pick<Principal, 'role' | 'scope'> = {
    role: 'conductor',
    scope: { phases: ['contact', 'loyalty'], partner: 'Agency' },
  }
  const grants = (scope: Principal['scope']) => mayGrant(who, { role: 'contributor', scope })
  expect(grants({ phases: ['loyalty'], partner: 'Agency' })).toBe(true)
  expect(grants({ phases: ['loyalty'] })).toBe(false)
  expect(grants({ partner: 'Agency' })).toBe(false)
  expect(grants({ phases: ['loyalty', 'purchase'], partner: 'Agency' })).toBe(false)
  expect(grants({ phases: ['loyalty'], partner: 'Another' })).toBe(false)
  expect(grants({})).toBe(false)
})

test('nobody hands out more than she has', () => {
  const conductor = { role: 'conductor', scope: {} } as const
  expect(mayGrant(conductor, { role: 'owner', scope: {} })).toBe(false)
  expect(mayGrant(conductor, { role: 'steward', scope: {} })).toBe(false)
  expect(mayGrant(conductor, { role: 'analyst', scope: {} })).toBe(true)
  expect(mayGrant({ role: 'analyst', scope: { permissions: ['people:read'] } }, { role: 'analyst', scope: {} })).toBe(
    false,
  )
})
