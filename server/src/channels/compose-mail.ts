import DKIM from 'nodemailer/lib/dkim'
import MailComposer from 'nodemailer/lib/mail-composer'
import { isMailAddress } from '../policy/index.ts'
import type { MailParty } from './channel-seam.ts'

export interface MailParts {
  readonly from: MailParty
  readonly to: MailParty
  readonly subject: string
  readonly html: string
  readonly text: string
  /** Without angle brackets. */
  readonly mailId: string
  readonly date: Date
  readonly headers: Readonly<Record<string, string>>
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null
}

/**
 * What DKIM signs: RFC 6376 §5.4's recommendation plus both headers of RFC 8058, which asks for them to be signed
 * (the library's own list leaves out List-Unsubscribe-Post).
 */
export const signedHeaders =
  'from:reply-to:to:subject:date:message-id:mime-version:content-type:content-transfer-encoding:in-reply-to:references:list-id:list-unsubscribe:list-unsubscribe-post'

/** The mail as bytes, signed if there is a key. Addresses go as objects and are checked: a line break in one is refused. */
export const composeMail = async (parts: MailParts): Promise<Buffer> => {
  for (const { address } of [parts.from, parts.to])
    if (!isMailAddress(address)) throw new TypeError('A mail address is not well-formed')
  const message = new MailComposer({
    from: party(parts.from),
    to: [party(parts.to)],
    subject: oneLine(parts.subject),
    html: parts.html,
    text: parts.text,
    messageId: `<${parts.mailId}>`,
    date: parts.date,
    headers: Object.entries(parts.headers).map(([key, value]) => ({
      key,
      value: { prepared: true, value: oneLine(value) },
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'windows',
  }).compile()
  const bytes = await message.build()
  if (parts.dkim === null) return bytes
  const signer = new DKIM({
    domainName: parts.dkim.domain,
    keySelector: parts.dkim.selector,
    privateKey: parts.dkim.privateKey,
    headerFieldNames: signedHeaders,
  })
  const chunks: Buffer[] = []
  for await (const chunk of signer.sign(bytes)) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const party = ({ name, address }: MailParty) => ({ name: oneLine(name), address })
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ')
