import { messagePurpose } from '@baton/contract'
import { z } from 'zod'
import type { JsonObject } from '../collect/index.ts'
import { isMailAddress } from '../policy/index.ts'
import { html, type Markup } from './public-page.ts'

const name = z.string().trim().max(120, 'Please keep it under 120 characters.').default('')

/** What the enquiry form sends: a field that is missing or too long is answered with the form again. */
export const enquiryAnswer = z.object({
  firstName: name,
  lastName: name,
  email: z.string().trim().refine(isMailAddress, 'We need a complete e-mail address to answer you.'),
  question: z.string().trim().min(1, 'Please write your question.').max(5000, 'Please keep it under 5,000 characters.'),
  consent: z.literal('yes').optional(),
  /** Made with the page: a form sent twice is one answer. */
  submission: z.uuid(),
  /** The visitor, if the page that linked here knew her. */
  anonymous_id: z.string().max(256).default(''),
  /** People don't see this field; who fills it in is a robot. */
  website: z.string().max(500).default(''),
})
export type EnquiryAnswer = z.infer<typeof enquiryAnswer>

/** What an answer says that holds only once she has confirmed her address: as long as she has not, anybody may have written it. */
export const unconfirmed = z.object({
  /** What she says of herself. */
  traits: z.record(z.string(), z.string()).default({}),
  /** What she ticked, as it was worded then; null: nothing. */
  consent: z
    .object({ purposes: z.array(messagePurpose), source: z.string(), wording: z.string() })
    .nullable()
    .default(null),
})
export type Unconfirmed = z.output<typeof unconfirmed>

interface AnsweredForm {
  readonly slug: string
  readonly consentWording: string
  readonly at: number
  /** What her browser asks for first; null: unknown. */
  readonly locale: string | null
}

const saidOfHerself = (
  { firstName, lastName }: EnquiryAnswer,
  { locale }: Pick<AnsweredForm, 'locale'>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries({ firstName, lastName, locale: locale ?? '' }).filter(([, value]) => value !== ''))

export const unconfirmedOf = (answer: EnquiryAnswer, form: Omit<AnsweredForm, 'at'>): Unconfirmed => ({
  traits: saidOfHerself(answer, form),
  consent:
    answer.consent === 'yes'
      ? { purposes: ['sell', 'inform', 'coach'], source: `form:${form.slug}`, wording: form.consentWording }
      : null,
})

/**
 * The answer as events: who she claims to be, and what she asked. They carry an id of this answer, which her address leads: on a
 * browser that somebody else is known by, they are hers and not his. Her own visit here is tied to her by an identify of its
 * own. Nothing in them changes what is known of, or agreed to by, whoever has that address.
 */
export const enquiryEvents = (answer: EnquiryAnswer, form: AnsweredForm): readonly JsonObject[] => {
  const about = {
    anonymousId: `form:${answer.submission}`,
    timestamp: new Date(form.at).toISOString(),
    context: { source: 'baton' },
  }
  const id = (part: string) => `baton-form:${answer.submission}:${part}`
  const claim = {
    ...about,
    type: 'identify',
    traits: { email: answer.email },
    context: { ...about.context, unconfirmed: true },
  }
  const visit = { ...claim, anonymousId: answer.anonymous_id, messageId: id('visit') }
  const { question, consent } = answer
  const properties = { form: form.slug, question, consent: consent === 'yes', ...saidOfHerself(answer, form) }
  return [
    { ...claim, messageId: id('identify') },
    ...(answer.anonymous_id === '' ? [] : [visit]),
    { ...about, type: 'track', event: 'Form Submitted', messageId: id('answer'), properties },
  ]
}

interface EnquiryView {
  readonly intro: string
  readonly consentWording: string
  readonly submission: string
  readonly values: Readonly<Record<string, string>>
  readonly problems: Readonly<Record<string, string>>
}

export const enquiryBody = ({ intro, consentWording, submission, values, problems }: EnquiryView): Markup => {
  const value = (name: string) => values[name] ?? ''
  const problem = (name: string): Markup =>
    problems[name] === undefined ? html`` : html`<span class="problem" id="${name}-problem">${problems[name]}</span>`
  const described = (name: string): Markup =>
    problems[name] === undefined ? html`` : html` aria-invalid="true" aria-describedby="${name}-problem"`
  const refused =
    Object.keys(problems).length === 0
      ? html``
      : html`<p class="problem" role="alert">It is not sent yet. Please look at what you wrote and send it again.</p>`
  return html`<p>${intro}</p>
<p>We need your address and your question; the rest is up to you.</p>
${refused}
<form method="post">
<label for="firstName">First name</label>
<input type="text" id="firstName" name="firstName" autocomplete="given-name" maxlength="120" value="${value('firstName')}"${described('firstName')}>${problem('firstName')}
<label for="lastName">Last name</label>
<input type="text" id="lastName" name="lastName" autocomplete="family-name" maxlength="120" value="${value('lastName')}"${described('lastName')}>${problem('lastName')}
<label for="email">Your e-mail address (needed)</label>
<input type="email" id="email" name="email" autocomplete="email" required maxlength="254" value="${value('email')}"${described('email')}>${problem('email')}
<label for="question">Your question (needed)</label>
<textarea id="question" name="question" rows="6" required maxlength="5000"${described('question')}>${value('question')}</textarea>${problem('question')}
<label><input type="checkbox" name="consent" value="yes"${values.consent === 'yes' ? html` checked` : html``}> ${consentWording}</label>
<p class="trap" aria-hidden="true"><label>Leave this empty <input type="text" name="website" tabindex="-1" autocomplete="off"></label></p>
<input type="hidden" name="submission" value="${submission}">
<input type="hidden" name="anonymous_id" value="${value('anonymous_id')}">
<button type="submit">Send</button>
</form>`
}
