import { type Attachment, type ParsedMail, simpleParser } from 'mailparser'

/** What a received mail is, and which of our mails it is about (ids as they stood in our Message-ID). */
export interface Inbound {
  readonly kind: 'reply' | 'auto-reply' | 'bounce' | 'complaint'
  readonly messageIds: readonly string[]
  /** Its own Message-ID, or a stand-in: a mail delivered to us twice is one. */
  readonly mailId: string
  /** Of a reply: what she wrote, without what she quoted. */
  readonly text: string
  readonly bounce: { readonly isHard: boolean; readonly status: string; readonly detail: string } | null
}

const ours = /<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[^>\s]+>/gi

/**
 * Delivery reports are RFC 3464, complaints ARF (RFC 5965), automatic answers RFC 3834 and the headers that came before
 * it. What is none of these is a reply.
 */
export const readInbound = async (raw: Buffer): Promise<Inbound> => {
  const mail = await simpleParser(raw, { keepDeliveryStatus: true, skipImageLinks: true })
  const about = {
    mailId: mail.messageId ?? `${mail.date?.getTime() ?? 0} ${mail.subject ?? ''}`,
    text: '',
    bounce: null,
  }
  const report = reportOf(mail)
  if (report !== null) {
    const messageIds = idsIn(raw.toString('latin1'))
    if (report.kind === 'complaint') return { ...about, kind: 'complaint', messageIds }
    if (report.action === 'failed')
      return {
        ...about,
        kind: 'bounce',
        messageIds,
        bounce: { isHard: saysBadAddress(report.status, report.detail), status: report.status, detail: report.detail },
      }
    return { ...about, kind: 'auto-reply', messageIds }
  }
  const messageIds = idsIn([mail.inReplyTo ?? '', ...[mail.references ?? []].flat()].join(' '))
  if (isAutomatic(mail)) return { ...about, kind: 'auto-reply', messageIds }
  return { ...about, kind: 'reply', messageIds, text: withoutQuote(mail.text ?? '') }
}

const idsIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(ours)].flatMap(([, id]) => id?.toLowerCase() ?? [])),
]

type Report =
  | { readonly kind: 'complaint' }
  | { readonly kind: 'delivery'; readonly action: string; readonly status: string; readonly detail: string }

const reportOf = (mail: ParsedMail): Report | null => {
  const part = (type: string): Attachment | undefined =>
    mail.attachments.find(({ contentType }) => contentType === type)
  if (part('message/feedback-report')) return { kind: 'complaint' }
  const delivery = part('message/delivery-status')
  if (!delivery) return null
  const field = (name: string) =>
    new RegExp(`^${name}:\\s*(.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(delivery.content.toString('utf8'))?.[1]?.trim() ?? ''
  const status = /\b([245])\.\d{1,3}\.\d{1,3}\b/.exec(field('Status'))?.[0] ?? ''
  return {
    kind: 'delivery',
    action: field('Action').toLowerCase(),
    status,
    detail: field('Diagnostic-Code')
      .replace(/[\s\0]+/g, ' ')
      .slice(0, 300),
  }
}

/**
 * The address is no good, for ever: RFC 3463's bad destination codes, or a general 5xx whose words say so. Full, blocked
 * and taken-for-spam are 5xx as well, but say nothing about the address, and an address is suppressed for good.
 */
const saysBadAddress = (status: string, detail: string): boolean => {
  // What the refusing server said is closer to the truth than what the reporting one made of it.
  const code = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(detail)?.[0] ?? status
  const isFinal = code.startsWith('5') || /\b5\d\d\b/.test(detail)
  if (!isFinal || /^5\.(7\.|2\.2|1\.[78])/.test(code)) return false
  return /^5\.(1\.(1|2|3|6|10)|4\.4)$/.test(code) || badAddressWords.test(detail)
}
const badAddressWords =
  /(user|recipient|mailbox|account|address|domain|host)\b.{0,40}\b(unknown|not found|not exist|doesn't exist|invalid|disabled|not reachable)|(unknown|no such|invalid|nonexistent) (local )?(user|recipient|mailbox|account|address|domain|host)/i

const isAutomatic = (mail: ParsedMail): boolean => {
  const header = (name: string) => String(mail.headers.get(name) ?? '').toLowerCase()
  const submitted = header('auto-submitted')
  return (
    (submitted !== '' && submitted !== 'no') ||
    ['x-autoreply', 'x-autorespond', 'x-autoresponse'].some((name) => mail.headers.has(name)) ||
    ['bulk', 'junk', 'auto_reply', 'list'].includes(header('precedence')) ||
    [mail.from?.value[0]?.address ?? ''].some(
      (address) => address === '' || /^(mailer-daemon|postmaster)@/i.test(address),
    )
  )
}

/** Her own words: up to the first quoted line or the line that introduces the quote. */
export const withoutQuote = (text: string): string => {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const end = lines.findIndex(
    (line, i) =>
      line.startsWith('>') ||
      /^-{2,}\s*original message/i.test(line) ||
      (/^(on|am|le|el)\b.*:$/i.test(line.trim()) && (lines[i + 1] ?? '').trim().match(/^(>|$)/)),
  )
  const own = (end < 0 ? lines : lines.slice(0, end)).join('\n').trim()
  return (own === '' ? text.trim() : own).slice(0, 20_000)
}
