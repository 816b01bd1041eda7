import { expect, test } from 'vitest'
import { UserError } from '../http/index.ts'
import { createSignInThrottle, failuresPerAccount, failuresPerAddress } from './sign-in-throttle.ts'

const refuse = async (): Promise<never> => {
  throw new UserError('sign-in-failed', 'no')
}
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'in',
    (error: unknown) => (error instanceof UserError ? error.code : String(error)),
  )

test('after five wrong passwords an account is closed to that address, and to no other', async () => {
  const throttle = createSignInThrottle()
  const tries = Array.from({ length: failuresPerAccount + 1 }, () =>
    codeOf(throttle.attempt('1.1.1.1', 'Ann@x.y', refuse)),
  )
  expect((await Promise.all(tries)).filter((code) => code === 'too-many-attempts')).toHaveLength(1)
  expect(await codeOf(throttle.attempt('1.1.1.1', ' ann@X.y', async () => 'right password'))).toBe('too-many-attempts')
  expect(await codeOf(throttle.attempt('2.2.2.2', 'ann@x.y', async () => 'in'))).toBe('in')
  expect(await codeOf(throttle.attempt('1.1.1.1', 'bob@x.y', async () => 'in'))).toBe('in')
})

test('a refusal says how long it lasts', async () => {
  const throttle = createSignInThrottle()
  for (let at = 0; at < failuresPerAccount; at += 1) await codeOf(throttle.attempt('1.1.1.1', 'a@x.y', refuse))
  await expect(throttle.attempt('1.1.1.1', 'a@x.y', refuse)).rejects.toMatchObject({
    remedy: 'Wait 15 minutes, then try again.',
  })
})

test('one address can not try many accounts', async () => {
  const throttle = createSignInThrottle()
  for (let at = 0; at < failuresPerAddress; at += 1) await codeOf(throttle.attempt('1.1.1.1', `${at}@x.y`, refuse))
  expect(await codeOf(throttle.attempt('1.1.1.1', 'new@x.y', refuse))).toBe('too-many-attempts')
})

test('signing in clears the count, and a database that is down does not count', async () => {
  const throttle = createSignInThrottle()
  const down = async (): Promise<never> => {
    throw new Error('down')
  }
  for (let at = 0; at < 20; at += 1)
    expect(await codeOf(throttle.attempt('1.1.1.1', 'a@x.y', down))).toBe('Error: down')
  for (let at = 0; at < 3; at += 1) {
    for (let wrong = 1; wrong < failuresPerAccount; wrong += 1)
      await codeOf(throttle.attempt('1.1.1.1', 'a@x.y', refuse))
    expect(await codeOf(throttle.attempt('1.1.1.1', 'a@x.y', async () => 'in'))).toBe('in')
  }
})
