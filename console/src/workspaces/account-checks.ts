import { emailAddress, passwordMinLength, personName } from '@baton/contract'
import type { Texts } from '../texts/use-texts.ts'

/** What the forms of people say about a field; null when it is fine. */
export const accountChecks = (t: Texts) => ({
  name: (value: string) => (personName.safeParse(value).success ? null : t('start.fields.nameMissing')),
  email: (value: string) => (emailAddress.safeParse(value.trim()).success ? null : t('start.fields.emailWrong')),
  password: (value: string) =>
    value.length >= passwordMinLength ? null : t('start.fields.passwordShort', { min: passwordMinLength }),
})
