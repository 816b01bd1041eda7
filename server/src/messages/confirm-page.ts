import { html, type Markup } from '../content/index.ts'

/** The field of the button that confirms the address alone. */
export const onlyAddress = { name: 'consent', value: 'no' } as const

/**
 * What the link in a confirmation shows. It changes nothing: programs that look through mail follow links, too. `wording`: what
 * was ticked in the form, perhaps by somebody else; null: nothing.
 */
export const confirmBody = (address: string, wording: string | null): Markup =>
  wording === null
    ? html`<p>Do you read the mail that we send to <strong>${address}</strong>?</p>
<form method="post"><button type="submit">Yes, this is my address</button></form>
${askedNothing}`
    : html`<p>Do you read the mail that we send to <strong>${address}</strong>? And did you tick this on our form?</p>
<p>“${wording}”</p>
<form method="post">
<p><button type="submit">Yes, this is my address, and I agree</button></p>
<p><button type="submit" name="${onlyAddress.name}" value="${onlyAddress.value}">It is my address, but I do not agree</button></p>
</form>
${askedNothing}`

const askedNothing = html`<p>You asked us nothing? Then close this page: nothing has changed.</p>`

export const confirmedBody = (address: string, isAgreed: boolean): Markup =>
  html`<p role="status">Thank you. ${address} is confirmed${isAgreed ? ', and so is what you agreed to' : ''}.</p><p>You can close this page.</p>`

export const tooLateBody: Markup = html`<p>It was for a few days, and they have passed. Nothing has changed.</p>
<p>Ask us again, and we send you a new one.</p>`

export const otherAddressBody: Markup = html`<p>It was for an address that is not the one we have of you now. Nothing has changed.</p>`
