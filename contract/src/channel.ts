import { z } from 'zod'
import { instant, pageQuery } from './common.ts'

/** Channels: how a message reaches the world. Without an SMTP server (and always in a sample workspace) mail lands in the local mailbox. */
const mailAddress = z.object({
  name: z
    .string()
    .max(120)
    .regex(/^[^\r\n]*$/, 'one line')
    .default(''),
  address: z.email().max(254),
})

const smtpCommon = {
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  /** `tls`: from the first byte (465). `starttls`: required upgrade (587). `none`: plain, for a server on a private network. */
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().max(200).nullable(),
  from: mailAddress,
}
/** Secrets are never given back: `hasPassword` and `hasKey` say whether one is kept. */
export const smtpSettings = z.object({
  ...smtpCommon,
  hasPassword: z.boolean(),
  dkim: z.object({ domain: z.string(), selector: z.string(), hasKey: z.boolean() }).nullable(),
})
export type SmtpSettings = z.infer<typeof smtpSettings>
export const emailChannel = z.object({
  /** Where mail goes now. */
  sendsBy: z.enum(['smtp', 'mailbox']),
  /** Why it goes to the mailbox, in a sentence. */
  because: z.string().nullable(),
  smtp: smtpSettings.nullable(),
})
export type EmailChannel = z.infer<typeof emailChannel>
/** PUT /v1/channels/email: a secret left out is kept; `smtp: null` goes back to the mailbox. */
export const emailChannelChange = z.object({
  smtp: z
    .object({
      ...smtpCommon,
      password: z.string().max(500).optional(),
      dkim: z
        .object({
          domain: z.string().min(1).max(253),
          selector: z.string().min(1).max(63),
          privateKey: z.string().max(10_000).optional(),
        })
        .nullable()
        .default(null),
    })
    .nullable(),
})
export type EmailChannelChange = z.infer<typeof emailChannelChange>
export const emailChannelTest = z.object({ to: z.email() })
export const emailChannelTestAnswer = z.object({
  outcome: z.enum(['accepted', 'refused', 'uncertain']),
  detail: z.string(),
})

export const mailboxItem = z.object({
  mailId: z.uuid(),
  messageId: z.uuid().nullable(),
  personId: z.uuid().nullable(),
  at: instant,
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  /** The first line of its text. */
  preview: z.string(),
  repliedAt: instant.nullable(),
})
export type MailboxItem = z.infer<typeof mailboxItem>
export const mailboxDetail = mailboxItem.extend({
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  html: z.string(),
  text: z.string(),
})
export type MailboxDetail = z.infer<typeof mailboxDetail>
export const mailboxQuery = pageQuery.extend({ search: z.string().max(200).optional() })
export const mailboxReply = z.object({ text: z.string().min(1).max(20_000) })

/** POST /v1/inbound/email: what became of a received mail. */
export const inboundAnswer = z.object({
  kind: z.enum(['reply', 'auto-reply', 'bounce', 'complaint', 'unmatched']),
  messageId: z.uuid().nullable(),
})
export type InboundAnswer = z.infer<typeof inboundAnswer>
