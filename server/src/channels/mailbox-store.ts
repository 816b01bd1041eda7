import type { MailboxItem } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, MessageId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { OutgoingMail } from './channel-seam.ts'

const partyText = ({ name, address }: OutgoingMail['from']): string => (name === '' ? address : `${name} <${address}>`)

/** A mail's id is that of its message: handed over twice, it is there once. */
export const insertMails = (tx: Tx, workspaceId: WorkspaceId, mails: readonly OutgoingMail[]) => {
  const column = <T>(of: (mail: OutgoingMail) => T): T[] => mails.map(of)
  const ids = column(({ messageId }) => messageId)
  return sql`
    insert into mailbox_mail (workspace_id, mail_id, message_id, person_id, at, sender, recipient, subject, raw, html, text_body)
    select ${workspaceId}, id, id, person_id, at, sender, recipient, subject, raw, html, text_body
    from unnest(${ids}::uuid[], ${column(({ personId }) => personId)}::uuid[], ${column(({ at }) => at)}::bigint[],
      ${column(({ from }) => partyText(from))}::text[], ${column(({ to }) => partyText(to))}::text[],
      ${column(({ subject }) => subject)}::text[], ${column(({ raw }) => raw)}::bytea[],
      ${column(({ html }) => html)}::text[], ${column(({ text }) => text)}::text[])
      as m(id, person_id, at, sender, recipient, subject, raw, html, text_body)
    on conflict (workspace_id, mail_id) do nothing`.execute(tx)
}

type MailRow = Omit<MailboxItem, 'preview'> & { readonly text: string }
const columns = sql.raw(
  `mail_id as "mailId", message_id as "messageId", person_id as "personId", at, sender as "from", recipient as "to", subject,
   replied_at as "repliedAt"`,
)

export const listMail = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  page: { before: readonly [Instant, string] | null; limit: number; search: string | null },
): Promise<readonly MailRow[]> => {
  const [at, mailId] = page.before ?? [Number.MAX_SAFE_INTEGER, 'ffffffff-ffff-ffff-ffff-ffffffffffff']
  const like = page.search === null ? null : `%${page.search.replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<MailRow>`
    select ${columns}, left(text_body, 300) as text from mailbox_mail
    where workspace_id = ${workspaceId} and (at, mail_id) < (${at}, ${mailId}::uuid)
      and (${like}::text is null or subject ilike ${like} or recipient ilike ${like})
    order by at desc, mail_id desc limit ${page.limit + 1}`.execute(tx)
  return rows
}

export const readMail = async (tx: Tx, workspaceId: WorkspaceId, mailId: string) => {
  const { rows } = await sql<MailRow & { html: string; raw: Buffer }>`
    select ${columns}, text_body as text, html, raw from mailbox_mail
    where workspace_id = ${workspaceId} and mail_id = ${mailId}`.execute(tx)
  return rows[0] ?? null
}

export const deleteMailBefore = (tx: Tx, workspaceId: WorkspaceId, before: Instant) =>
  sql`delete from mailbox_mail where workspace_id = ${workspaceId} and at < ${before}`.execute(tx)

export const markReplied = (tx: Tx, workspaceId: WorkspaceId, mailId: string, at: Instant) =>
  sql`update mailbox_mail set replied_at = coalesce(replied_at, ${at})
      where workspace_id = ${workspaceId} and mail_id = ${mailId}`.execute(tx)

export const deleteErasedMail = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  erased: { readonly messageIds: readonly MessageId[]; readonly personIds: readonly string[] },
): Promise<void> => {
  await sql`
    delete from mailbox_mail where workspace_id = ${workspaceId}
      and (message_id = any(${erased.messageIds}::uuid[]) or person_id = any(${erased.personIds}::uuid[]))`.execute(tx)
}
