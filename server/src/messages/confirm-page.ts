import { html, type Markup } from '../content/index.ts'

/** What the link in a confirmation shows. It changes nothing: programs that look through mail follow links, too. */
export const confirmBody = (
  address: string,
): Markup => html`<p>Do you read the mail that we send to <strong>${address}</strong>?</p>
<form method="post"><button type="submit">Yes, this is my address</button></form>
<p>You asked us nothing? Then close this page: nothing has changed.</p>`

export const confirmedBody = (address: string): Markup =>
  html`<p role="status">Thank you. ${address} is confirmed.</p><p>You can close this page.</p>`

export const tooLateBody: Markup = html`<p>It was for a few days, and they have passed. Nothing has changed.</p>
<p>Ask us again, and we send you a new one.</p>`

export const otherAddressBody: Markup = html`<p>It was for an address that is not the one we have of you now. Nothing has changed.</p>`
