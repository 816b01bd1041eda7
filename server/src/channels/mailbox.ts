import { z } from 'zod'
import { inGroups, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import type { Channel, OutgoingMail } from './channel-seam.ts'
import { insertMails } from './mailbox-store.ts'

/** The local mailbox: mail that stays in the house, to be read and answered in the console. Keyed by message. */
export const mailbox = ({ postgres }: { postgres: Postgres }): Channel<Record<string, never>> => {
  const insert = (workspaceId: WorkspaceId, mails: readonly OutgoingMail[]) =>
    postgres.inWorkspace(workspaceId, (tx) => insertMails(tx, workspaceId, mails))
  const insertTogether = inGroups(concurrency, insert)
  return {
    key: 'mailbox',
    title: 'Local mailbox',
    settings: z.object({}).strict(),
    keyed: true,
    concurrency,
    handOver: async (mail) => {
      // What one of them can't be stored for is no reason not to store the others.
      await insertTogether(mail.workspaceId, mail).catch(() => insert(mail.workspaceId, [mail]))
      return { kind: 'accepted', detail: 'In the local mailbox' }
    },
    close: async () => {},
  }
}

/** One statement: nobody on the other side has to be spared. */
const concurrency = 50
