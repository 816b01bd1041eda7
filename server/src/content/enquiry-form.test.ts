import { expect, test } from 'vitest'
import { enquiryAnswer, enquiryBody, enquiryEvents } from './enquiry-form.ts'

const submission = '0190a6a2-0000-7000-8000-000000000001'
const form = { slug: 'enquiry', consentWording: 'Yes', at: Date.UTC(2026, 5, 10), locale: 'es-ES' }
const answer = (fields: object) =>
  enquiryAnswer.parse({ submission, email: ' mei@example.com ', question: 'Painted?', ...fields })

test('what she says of herself becomes traits, what she leaves out does not', () => {
  const traitsOf = (fields: object, locale: string | null) =>
    enquiryEvents(answer(fields), { ...form, locale })[0]?.traits
  expect(traitsOf({ firstName: 'Mei', lastName: ' Oak ' }, 'es-ES')).toEqual({
    email: 'mei@example.com',
    firstName: 'Mei',
    lastName: 'Oak',
    locale: 'es-ES',
  })
  expect(traitsOf({ firstName: ' ' }, null)).toEqual({ email: 'mei@example.com' })
})

test('question and consent go to whom her address names; the visit is tied to her beside them', () => {
  const events = enquiryEvents(answer({ consent: 'yes', anonymous_id: 'browser-1' }), form)
  expect(events.map(({ type, event, anonymousId }) => [event ?? type, anonymousId])).toEqual([
    ['identify', `form:${submission}`],
    ['identify', 'browser-1'],
    ['Form Submitted', `form:${submission}`],
    ['Consent Given', `form:${submission}`],
  ])
  expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(4)
  expect(enquiryEvents(answer({}), form)).toHaveLength(2)
})

test('a refused answer comes back with what she wrote, each problem named by its field', () => {
  const values = { submission, email: 'mei', question: '<b>', lastName: '"Oak"', consent: 'yes' }
  const problems = { email: 'We need a complete e-mail address to answer you.' }
  const { markup } = enquiryBody({ intro: '', consentWording: 'Yes', submission, values, problems })
  expect(markup).toContain('aria-invalid="true" aria-describedby="email-problem"')
  expect(markup).toContain('id="email-problem"')
  expect(markup).toContain('value="&quot;Oak&quot;"')
  expect(markup).toContain('value="yes" checked')
  for (const token of ['given-name', 'family-name', 'email']) expect(markup).toContain(`autocomplete="${token}"`)
  expect(markup.match(/aria-invalid/g)).toHaveLength(1)
})
