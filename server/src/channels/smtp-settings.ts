import type { EmailChannelChange, SmtpSettings } from '@baton/contract'
import { z } from 'zod'
import type { WorkspaceId } from '../kernel/index.ts'
import { type SmtpChannelSettings, smtpChannelSettings } from './email-smtp.ts'
import type { SecretBox } from './secret-box.ts'

const secrets = z.object({ password: z.string().nullable(), privateKey: z.string().nullable() })
const open = smtpChannelSettings.omit({ password: true }).extend({
  dkim: z.object({ domain: z.string(), selector: z.string() }).nullable(),
})
type Kept = { readonly settings: unknown; readonly sealed: string | null }

const contextOf = (workspaceId: WorkspaceId) => `smtp settings of ${workspaceId}`

/** Splits what may be read from what must be sealed; a secret left out of the change is taken from what was kept. */
export const keepSmtp = (
  box: SecretBox,
  workspaceId: WorkspaceId,
  change: NonNullable<EmailChannelChange['smtp']>,
  before: SmtpChannelSettings | null,
) => {
  const { password, dkim, ...rest } = change
  const kept = secrets.parse({
    password: password ?? before?.password ?? null,
    privateKey: dkim?.privateKey ?? before?.dkim?.privateKey ?? null,
  })
  const settings = { ...rest, dkim: dkim === null ? null : { domain: dkim.domain, selector: dkim.selector } }
  return { settings, sealed: box.seal(JSON.stringify(kept), contextOf(workspaceId)) }
}

export const openSmtp = (box: SecretBox, workspaceId: WorkspaceId, kept: Kept): SmtpChannelSettings => {
  const { dkim, ...rest } = open.parse(kept.settings)
  const opened: unknown = kept.sealed === null ? {} : JSON.parse(box.open(kept.sealed, contextOf(workspaceId)))
  const { password, privateKey } = secrets.parse({ password: null, privateKey: null, ...(opened as object) })
  return { ...rest, password, dkim: dkim === null || privateKey === null ? null : { ...dkim, privateKey } }
}

/** What may be shown. */
export const shownSmtp = (settings: SmtpChannelSettings): SmtpSettings => {
  const { password, dkim, ...rest } = settings
  return {
    ...rest,
    hasPassword: password !== null,
    dkim: dkim === null ? null : { domain: dkim.domain, selector: dkim.selector, hasKey: true },
  }
}
