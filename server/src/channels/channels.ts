import type { EmailChannel, EmailChannelChange } from '@baton/contract'
import { UserError } from '../http/index.ts'
import { type Clock, dayMs, type MessageId, newId, type WorkspaceId } from '../kernel/index.ts'
import type { Policy, WorkspaceSource } from '../policy/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import type { HandOver, MailParty, OutgoingMail } from './channel-seam.ts'
import { deleteChannelSetting, readChannelSetting, writeChannelSetting } from './channel-setting-store.ts'
import { composeMail } from './compose-mail.ts'
import type { Egress } from './egress.ts'
import { emailSmtp, type SmtpChannelSettings } from './email-smtp.ts'
import { mailbox } from './mailbox.ts'
import { deleteErasedMail, deleteMailBefore } from './mailbox-store.ts'
import type { SecretBox } from './secret-box.ts'
import type { SmtpTimeouts } from './smtp-connections.ts'
import { keepSmtp, openSmtp, shownSmtp } from './smtp-settings.ts'

/** What takes a workspace's mail now. */
export interface Carrier {
  readonly key: 'email-smtp' | 'mailbox'
  readonly keyed: boolean
  readonly concurrency: number
  /** What it takes has arrived: in a sample workspace, whose people have no mailbox but this. */
  readonly provesArrival: boolean
  readonly from: MailParty
  readonly dkim: SmtpChannelSettings['dkim']
  handOver(mail: OutgoingMail, signal: AbortSignal): Promise<HandOver>
}

export interface Channels {
  /** SMTP when a server is set; the local mailbox when none is, and always for a sample workspace. */
  carrierOf(workspaceId: WorkspaceId): Promise<Carrier>
  /** The same for a test mail, which no policy decides: refused where it would leave while the kill switch is on. */
  testCarrierOf(workspaceId: WorkspaceId): Promise<Carrier>
  email(workspaceId: WorkspaceId): Promise<EmailChannel>
  changeEmail(workspaceId: WorkspaceId, change: EmailChannelChange, actor: string): Promise<EmailChannel>
  testEmail(workspaceId: WorkspaceId, to: string): Promise<{ outcome: HandOver['kind']; detail: string }>
  /** Takes the mails of erased people out of the mailbox, by message and by person. */
  clearErased(
    tx: Tx,
    workspaceId: WorkspaceId,
    erased: { readonly messageIds: readonly MessageId[]; readonly personIds: readonly string[] },
  ): Promise<void>
  /** Lets mail go that has lain in the mailbox for 90 days. */
  tend(workspaceId: WorkspaceId): Promise<void>
  close(): Promise<void>
}

export interface ChannelsDeps {
  readonly postgres: Postgres
  readonly clock: Clock
  readonly workspaces: WorkspaceSource
  readonly policy: Pick<Policy, 'settings'>
  readonly egress: Egress
  readonly secrets: SecretBox
  readonly smtpTimeouts?: SmtpTimeouts
}

const settingKey = 'email-smtp'
const keptDays = 90

export const createChannels = (deps: ChannelsDeps): Channels => {
  const { postgres, clock, workspaces, secrets } = deps
  const smtp = emailSmtp({ egress: deps.egress, ...(deps.smtpTimeouts ? { timeouts: deps.smtpTimeouts } : {}) })
  const local = mailbox({ postgres })

  const smtpOf = async (workspaceId: WorkspaceId): Promise<SmtpChannelSettings | null> => {
    const kept = await postgres.inWorkspace(workspaceId, (tx) => readChannelSetting(tx, workspaceId, settingKey))
    return kept && openSmtp(secrets, workspaceId, kept)
  }

  const carrierOf = async (workspaceId: WorkspaceId): Promise<Carrier> => {
    const workspace = await workspaces.get(workspaceId)
    const settings = workspace.isSample ? null : await smtpOf(workspaceId)
    if (settings === null)
      return {
        key: 'mailbox',
        keyed: local.keyed,
        concurrency: local.concurrency,
        provesArrival: workspace.isSample,
        from: { name: workspace.name, address: 'hello@mailbox.invalid' },
        dkim: null,
        handOver: (mail, signal) => local.handOver(mail, {}, signal),
      }
    return {
      key: 'email-smtp',
      keyed: smtp.keyed,
      concurrency: smtp.concurrency,
      provesArrival: false,
      from: settings.from,
      dkim: settings.dkim,
      handOver: (mail, signal) => smtp.handOver(mail, settings, signal),
    }
  }

  const testCarrierOf = async (workspaceId: WorkspaceId): Promise<Carrier> => {
    const carrier = await carrierOf(workspaceId)
    if (carrier.key !== 'mailbox' && (await deps.policy.settings(workspaceId)).killSwitch)
      throw new UserError('conflict', 'Sending is switched off in this workspace, for test mails, too.', {
        remedy:
          'Switch it on again under Settings, Policy. In a restored copy, where the original may still run: "npm run baton -- restore --confirm-sending".',
      })
    return carrier
  }

  const email: Channels['email'] = async (workspaceId) => {
    const { isSample } = await workspaces.get(workspaceId)
    const settings = await smtpOf(workspaceId)
    const because = isSample
      ? 'This is the sample workspace: its mail never leaves the house.'
      : 'No SMTP server is set, so mail lands in the local mailbox.'
    const byMailbox = isSample || settings === null
    return {
      sendsBy: byMailbox ? 'mailbox' : 'smtp',
      because: byMailbox ? because : null,
      smtp: settings && shownSmtp(settings),
    }
  }

  return {
    carrierOf,
    testCarrierOf,
    email,
    changeEmail: async (workspaceId, change, actor) => {
      const { isSample } = await workspaces.get(workspaceId)
      if (isSample && change.smtp !== null)
        throw new UserError('conflict', 'The sample workspace can’t send to the real world.', {
          remedy: 'Start with your own data, then set up a server.',
        })
      if (change.smtp === null)
        await postgres.inWorkspace(workspaceId, async (tx) => {
          await deleteChannelSetting(tx, workspaceId, settingKey)
          await workspaces.audit(tx, { workspaceId, actor, action: 'channel.removed', object: 'channel:email' })
        })
      else {
        if (change.smtp.dkim && !change.smtp.dkim.privateKey && !(await smtpOf(workspaceId))?.dkim)
          throw new UserError('invalid-input', 'DKIM needs its private key.', {
            remedy: 'Send dkim.privateKey in PEM.',
          })
        const kept = keepSmtp(secrets, workspaceId, change.smtp, await smtpOf(workspaceId))
        await postgres.inWorkspace(workspaceId, async (tx) => {
          await writeChannelSetting(tx, workspaceId, settingKey, { ...kept, at: clock.now(), by: actor })
          await workspaces.audit(tx, { workspaceId, actor, action: 'channel.changed', object: 'channel:email' })
        })
      }
      return email(workspaceId)
    },
    testEmail: async (workspaceId, to) => {
      const carrier = await testCarrierOf(workspaceId)
      const messageId = newId<OutgoingMail['messageId']>()
      const text = 'If you can read this, Baton can send mail with these settings.'
      const party = { name: '', address: to }
      const parts = { from: carrier.from, to: party, subject: 'A test mail from Baton', html: `<p>${text}</p>`, text }
      const at = await workspaces.domainNow(workspaceId)
      const raw = await composeMail({
        ...parts,
        mailId: `${messageId}@${domainOf(carrier.from)}`,
        date: new Date(at),
        headers: { 'Auto-Submitted': 'auto-generated' },
        dkim: carrier.dkim,
      })
      const signal = AbortSignal.timeout(60_000)
      const outcome = await carrier.handOver({ ...parts, workspaceId, messageId, personId: null, raw, at }, signal)
      return { outcome: outcome.kind, detail: outcome.detail }
    },
    clearErased: deleteErasedMail,
    tend: async (workspaceId) => {
      const before = (await workspaces.domainNow(workspaceId)) - keptDays * dayMs
      await postgres.inWorkspace(workspaceId, (tx) => deleteMailBefore(tx, workspaceId, before))
    },
    close: () => smtp.close(),
  }
}

/** The right side of the Message-ID. */
export const domainOf = ({ address }: MailParty): string => address.slice(address.lastIndexOf('@') + 1)
