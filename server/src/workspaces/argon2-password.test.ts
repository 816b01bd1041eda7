import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from './argon2-password.ts'

test('a password is kept as a salted Argon2id hash and found again', async () => {
  const stored = await hashPassword('correct horse')
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await hashPassword('correct horse')).not.toBe(stored)
  expect(await verifyPassword('correct horse', stored)).toBe(true)
  expect(await verifyPassword('correct house', stored)).toBe(false)
  expect(await verifyPassword('Cafe\u0301', await hashPassword('Café'))).toBe(true)
})

test('a stored text that is no hash fits no password', async () => {
  for (const stored of ['', 'plain', '$argon2id$v=19$m=19456,t=2,p=1$$', '$2b$10$abc']) {
    expect(await verifyPassword('', stored)).toBe(false)
  }
})

test('the reference hash of another implementation is read', async () => {
  // From the reference implementation's own test file (phc-winner-argon2, src/test.c): "password", "somesalt".
  const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  expect(await verifyPassword('password', stored)).toBe(true)
})
