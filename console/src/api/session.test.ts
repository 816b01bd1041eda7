import { expect, test } from 'vitest'
import { ApiError } from './api-error.ts'
import { askSessionAgainMs, type SessionAnswer, type SessionWorkspace } from './session.ts'

const workspace: SessionWorkspace = {
  id: '01900000-0000-7000-8000-000000000001',
  name: 'Toys',
  isSample: true,
  role: 'owner',
  scope: {},
  permissions: [],
  currency: 'EUR',
  timeZone: 'UTC',
  clockAt: null,
}
const inside = (...clocks: readonly (number | null)[]): SessionAnswer => ({
  kind: 'signed-in',
  session: {
    user: { id: 'ann', name: 'Ann', email: 'ann@toys.example' },
    workspaces: clocks.map((clockAt) => ({ ...workspace, clockAt })),
  },
})

test('a clock that the server moves is asked for again, whichever workspace it is of, until it runs with the machine', () => {
  expect(askSessionAgainMs(inside(null, 1_700_000_000_000))).toBe(3_000)
  expect(askSessionAgainMs(inside(0))).toBe(3_000)
  expect(askSessionAgainMs(inside(null, null))).toBe(false)
})

test('who is here is asked again while a part is away, and not of itself otherwise', () => {
  const error = new ApiError({ status: 0, code: 'unreachable', message: 'Baton does not answer.' })
  expect(askSessionAgainMs({ kind: 'away', error, readiness: null })).toBe(3_000)
  for (const answer of [undefined, { kind: 'signed-out' }, { kind: 'first-run' }] as const)
    expect(askSessionAgainMs(answer)).toBe(false)
})
