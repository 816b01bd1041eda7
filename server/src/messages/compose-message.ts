import { type Carrier, composeMail, domainOf, type OutgoingMail } from '../channels/index.ts'
import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { Links } from './links.ts'
import { asksToConfirm, type MessageRow } from './message-row.ts'
import { addPixel, trackLinks } from './track-links.ts'

/** Bytes of the target, which is ASCII. Longer ones do not fit into a path that every proxy lets through; they are left as they are. */
const longestTracked = 300

/** The mail of a rendered message, with signed links, the open pixel (where it may be tracked), and both headers of RFC 8058. */
export const composeMessage = async (
  links: Links,
  carrier: Carrier,
  workspaceId: WorkspaceId,
  message: Pick<MessageRow, 'messageId' | 'address' | 'title' | 'journeyId' | 'stepId'>,
  person: { personId: PersonId | null; name: string },
  content: { html: string; text: string },
  at: Instant,
): Promise<OutgoingMail> => {
  const { messageId } = message
  const unsubscribe = links.of('unsubscribe', { workspaceId, messageId, url: '' })
  const preferences = links.of('preferences', { workspaceId, messageId, url: '' })
  const confirm = links.of('confirm', { workspaceId, messageId, url: '' })
  const isTracked = !asksToConfirm(message)
  const linked = trackLinks(content.html, [unsubscribe, preferences, confirm], (url) =>
    !isTracked || url.length > longestTracked ? url : links.of('click', { workspaceId, messageId, url }),
  )
  const parts = {
    from: carrier.from,
    to: { name: person.name, address: message.address ?? '' },
    subject: message.title ?? '',
    html: isTracked ? addPixel(linked, links.of('open', { workspaceId, messageId, url: '' })) : linked,
    text: content.text,
  }
  const raw = await composeMail({
    ...parts,
    mailId: `${messageId}@${domainOf(carrier.from)}`,
    date: new Date(at),
    headers: {
      'List-Unsubscribe': `<${unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
    },
    dkim: carrier.dkim,
  })
  return { ...parts, workspaceId, messageId, personId: person.personId, raw, at }
}
