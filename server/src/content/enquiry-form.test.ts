import { expect, test } from 'vitest'
import { enquiryAnswer, enquiryBody, enquiryEvents, unconfirmedOf } from './enquiry-form.ts'

const submission = '0190a6a2-0000-7000-8000-000000000001'
const form = { slug: 'enquiry', consentWording: 'Yes', at: Date.UTC(2026, 5, 10), locale: 'es-ES' }
const answer = (fields: object) =>
  enquiryAnswer.parse({ submission, email: ' mei@example.com ', question: 'Painted?', ...fields })

test('what she says of herself and ticks waits for her confirmation, what she leaves out does not stand there', () => {
  const said = (fields: object, locale: string | null) => unconfirmedOf(answer(fields), { ...form, locale })
  expect(said({ firstName: 'Mei', lastName: ' Oak ', consent: 'yes' }, 'es-ES')).toEqual({
    traits: { firstName: 'Mei', lastName: 'Oak', locale: 'es-ES' },
    consent: { purposes: ['sell', 'inform', 'coach'], source: 'form:enquiry', wording: 'Yes' },
  })
  expect(said({ firstName: ' ' }, null)).toEqual({ traits: {}, consent: null })
})

test('the question goes to whom her address names, with what she wrote; the visit is tied to her beside it', () => {
  const events = enquiryEvents(answer({ firstName: 'Mei', consent: 'yes', anonymous_id: 'browser-1' }), form)
  expect(events.map(({ type, event, anonymousId }) => [event ?? type, anonymousId])).toEqual([
    ['identify', `form:${submission}`],
    ['identify', 'browser-1'],
    ['Form Submitted', `form:${submission}`],
  ])
  for (const { traits, context } of events.slice(0, 2)) {
    expect(traits).toEqual({ email: 'mei@example.com' })
    expect(context).toMatchObject({ unconfirmed: true })
  }
  expect(events[2]?.properties).toEqual({
    form: 'enquiry',
    question: 'Painted?',
    consent: true,
    firstName: 'Mei',
    locale: 'es-ES',
  })
  expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(3)
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
