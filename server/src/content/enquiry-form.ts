import { z } from 'zod'
import type { JsonObject } from '../collect/index.ts'
import { isMailAddress } from '../policy/index.ts'
import { html, type Markup } from './public-page.ts'

/** What the enquiry form sends: a field that is missing or too long is answered with the form again. */
export const enquiryAnswer = z.object({
  name: z.string().trim().max(120).default(''),
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

/** The answer as events: who she is, what she asked, and, if she ticked it, her consent with its wording. */
export const enquiryEvents = (
  answer: EnquiryAnswer,
  form: { readonly slug: string; readonly consentWording: string; readonly at: number },
): readonly JsonObject[] => {
  const anonymousId = answer.anonymous_id === '' ? `form:${answer.submission}` : answer.anonymous_id
  const about = { anonymousId, timestamp: new Date(form.at).toISOString(), context: { source: 'baton' } }
  const id = (part: string) => `baton-form:${answer.submission}:${part}`
  const traits = { email: answer.email, ...(answer.name === '' ? {} : { name: answer.name }) }
  const properties = { form: form.slug, question: answer.question, consent: answer.consent === 'yes' }
  const consent = {
    purposes: ['sell', 'inform', 'coach'],
    source: `form:${form.slug}`,
    wording: form.consentWording,
  }
  return [
    { ...about, type: 'identify', messageId: id('identify'), traits },
    { ...about, type: 'track', event: 'Form Submitted', messageId: id('answer'), properties },
    ...(answer.consent === 'yes'
      ? [{ ...about, type: 'track', event: 'Consent Given', messageId: id('consent'), properties: consent }]
      : []),
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
    problems[name] === undefined
      ? html``
      : html`<span class="hint" id="${name}-problem" role="alert">${problems[name]}</span>`
  const described = (name: string): Markup =>
    problems[name] === undefined ? html`` : html` aria-invalid="true" aria-describedby="${name}-problem"`
  return html`<p>${intro}</p>
<form method="post">
<label>Your name <input type="text" name="name" autocomplete="name" maxlength="120" value="${value('name')}"></label>
<label>Your e-mail address <input type="email" name="email" autocomplete="email" required maxlength="254" value="${value('email')}"${described('email')}></label>${problem('email')}
<label>Your question <textarea name="question" rows="6" required maxlength="5000"${described('question')}>${value('question')}</textarea></label>${problem('question')}
<label><input type="checkbox" name="consent" value="yes"> ${consentWording}</label>
<p class="trap" aria-hidden="true"><label>Leave this empty <input type="text" name="website" tabindex="-1" autocomplete="off"></label></p>
<input type="hidden" name="submission" value="${submission}">
<input type="hidden" name="anonymous_id" value="${value('anonymous_id')}">
<button type="submit">Send</button>
</form>`
}
