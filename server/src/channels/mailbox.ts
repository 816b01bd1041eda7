import { z } from 'zod'
import type { Postgres } from '../stores/index.ts'
import type { Channel } from './channel-seam.ts'
import { insertMail } from './mailbox-store.ts'

/** The local mailbox: mail that stays in the house, to be read and answered in the console. Keyed by message. */
export const mailbox = (deps: { postgres: Postgres }): Channel<Record<string, never>> => ({
  key: 'mailbox',
  title: 'Local mailbox',
  settings: z.object({}).strict(),
  keyed: true,
  concurrency: 8,
  handOver: async (mail) => {
    await deps.postgres.inWorkspace(mail.workspaceId, (tx) => insertMail(tx, mail))
    return { kind: 'accepted', detail: 'In the local mailbox' }
  },
  close: async () => {},
})
