import { generateKeyPairSync } from 'node:crypto'
import { simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { composeMail } from './compose-mail.ts'
import { createSecretBox } from './secret-box.ts'

const parts = {
  from: { name: 'Shop, Inc. <evil@example.com>', address: 'shop@example.com' },
  to: { name: 'Ada\r\nBcc: eve@example.com', address: 'ada@example.com' },
  subject: 'Hello\r\nBcc: eve@example.com',
  html: '<p>Grüße</p>',
  text: 'Grüße',
  mailId: 'm1@example.com',
  date: new Date('2026-01-01T00:00:00Z'),
  headers: { 'List-Unsubscribe': '<https://example.com/u/abc>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  dkim: null,
}

test('a line break in a name or subject makes no header and no recipient', async () => {
  const mail = await simpleParser(await composeMail(parts))
  expect(mail.bcc).toBeUndefined()
  expect(mail.headers.has('bcc')).toBe(false)
  expect(mail.text).toContain('Grüße')
  expect(mail.from?.value).toEqual([{ name: 'Shop, Inc. <evil@example.com>', address: 'shop@example.com' }])
})

test('DKIM signs both headers of RFC 8058', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const raw = (
    await composeMail({ ...parts, dkim: { domain: 'example.com', selector: 's1', privateKey: pem } })
  ).toString()
  const signature = /^DKIM-Signature:[\s\S]*?(?=\r\n\S)/im.exec(raw)?.[0].replace(/\s+/g, '') ?? ''
  const signed = /;h=([^;]*)/.exec(signature)?.[1]?.toLowerCase().split(':')
  expect(signed).toEqual(expect.arrayContaining(['from', 'subject', 'list-unsubscribe', 'list-unsubscribe-post']))
  // one-click wants the value alone on its line, by the published vectors
  expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
})

test('a sealed secret opens with its key and context only', () => {
  const box = createSecretBox('one secret of thirty-two characters')
  const sealed = box.seal('pässword', 'smtp of a')
  expect(sealed).not.toContain('pässword')
  expect(box.open(sealed, 'smtp of a')).toBe('pässword')
  expect(() => box.open(sealed, 'smtp of b')).toThrow('BATON_SECRET')
  expect(() => createSecretBox('two secret of thirty-two characters').open(sealed, 'smtp of a')).toThrow('BATON_SECRET')
})
