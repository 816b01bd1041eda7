import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readInbound, withoutQuote } from './read-inbound.ts'

const bounces = `${process.env.BATON_REAL_DATA ?? '../shared/data'}/bounces`
const read = (file: string) => readFileSync(`${bounces}/${file}`)
const id = '0b2f4c1e-1111-8222-9333-444455556666'
const mail = (...lines: string[]) => readInbound(Buffer.from(lines.join('\r\n')))
const head = [
  'From: ada@example.com',
  'To: toys@example.com',
  'Subject: Re: x',
  `References: <other@x> <${id}@toys.example>`,
]

describe('received mail', () => {
  test('a reply names the mail it answers and keeps her own words', async () => {
    expect(await mail(...head, '', 'Yes, please', '', '> the quote')).toMatchObject({
      kind: 'reply',
      messageIds: [id],
      text: 'Yes, please',
    })
  })

  test.each(['Auto-Submitted: auto-replied', 'Auto-Submitted: auto-generated', 'Precedence: bulk', 'X-Autoreply: yes'])(
    '%s makes it automatic',
    async (header) => {
      expect(await mail(...head, header, '', 'away')).toMatchObject({ kind: 'auto-reply' })
    },
  )
  test('Auto-Submitted: no is a person', async () => {
    expect(await mail(...head, 'Auto-Submitted: no', '', 'hello')).toMatchObject({ kind: 'reply' })
  })

  test.each([
    ['Yes\n\nOn Mon, 1 Jan 2026, Toys wrote:\n> x', 'Yes'],
    ['Ja\n\nAm 1.1.2026 schrieb Toys:\n> x', 'Ja'],
    ['Yes\n-----Original Message-----\nx', 'Yes'],
    ['On the whole: yes\nand no', 'On the whole: yes\nand no'],
    ['> only a quote', '> only a quote'],
  ])('%j without its quote', (text, own) => expect(withoutQuote(text)).toBe(own))
})

describe.skipIf(!existsSync(bounces))('real bounces', () => {
  const expected = z
    .array(z.object({ file: z.string(), softbounce: z.number().nullable() }))
    .parse(JSON.parse(existsSync(bounces) ? read('expected.json').toString() : '[]'))
  const agreed = z
    .array(z.string())
    .parse(JSON.parse(existsSync(bounces) ? read('agreed_files.json').toString() : '[]'))

  // Measured: 128 of 151. Most of the rest is words: “filtered: user unknown” is hard to us, soft to the other parser.
  test('where a delivery report is read, hard and soft agree with a second parser in five of six', async () => {
    let same = 0
    let all = 0
    for (const file of agreed) {
      const { bounce } = await readInbound(read(`mail/${file}`))
      const other = expected.find((one) => one.file === file)?.softbounce
      if (bounce === null || other === undefined || other === null || other < 0) continue
      all += 1
      if (bounce.isHard === (other === 0)) same += 1
    }
    expect(all).toBeGreaterThan(140)
    expect(same / all).toBeGreaterThan(5 / 6)
  })

  test('what is no bounce suppresses nobody', async () => {
    for (const file of readdirSync(`${bounces}/not-bounces`))
      expect((await readInbound(read(`not-bounces/${file}`))).kind).not.toBe('bounce')
  })
})
