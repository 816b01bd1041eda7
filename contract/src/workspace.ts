import { z } from 'zod'
import { instant, page, pageQuery, uuid } from './common.ts'
import { emailAddress, password, permission, personName, role, scope } from './session.ts'

export const workspaceName = z.string().trim().min(1).max(120)
/** An ISO 4217 code. */
export const currency = z.string().regex(/^[A-Z]{3}$/, 'Use a three-letter ISO 4217 code in capitals, like EUR')
/** An IANA time zone this server knows. */
export const timeZone = z
  .string()
  .max(64)
  .refine((name) => isTimeZone(name), 'Use an IANA time zone, like Europe/Madrid')

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const workspaceDraft = z.object({ name: workspaceName, currency, timeZone })
export type WorkspaceDraft = z.infer<typeof workspaceDraft>

export const workspace = z.object({
  workspaceId: uuid,
  name: z.string(),
  currency: z.string(),
  timeZone: z.string(),
  /** Simulated people: nothing is ever sent to the real world from here. */
  isSample: z.boolean(),
  settings: z.record(z.string(), z.unknown()),
  /** Domain time stands here; null: it runs with the machine. */
  clockAt: instant.nullable(),
  createdAt: instant,
})
export type WorkspaceAnswer = z.infer<typeof workspace>
export const workspacePatch = workspaceDraft
  .partial()
  .extend({ settings: z.record(z.string(), z.unknown()).optional() })

/**
 * `needed`: nobody can sign in yet; the token was printed by the start of the server. `sample`: and a sample is there,
 * which the first user may take instead of describing a workspace.
 */
export const firstRunState = z.object({ needed: z.boolean(), sample: z.boolean() })
/** The workspace may be left out where one is already there (the sample shop): she becomes its owner. */
export const firstRun = z.object({
  token: z.string().min(1).max(200),
  name: personName,
  email: emailAddress,
  password,
  workspace: workspaceDraft.optional(),
})

export const member = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  scope,
  createdAt: instant,
})
export type Member = z.infer<typeof member>
export const memberPatch = z.object({ role: role.optional(), scope: scope.optional() })

/** What each role may do, and what each permission means: shown where roles are chosen. */
export const roleList = z.object({
  roles: z.array(z.object({ role, permissions: z.array(permission) })),
  meanings: z.array(z.object({ permission, meaning: z.string() })),
})

export const invitationDraft = z.object({ email: emailAddress, role, scope: scope.default({}) })
export const invitation = z.object({
  invitationId: uuid,
  email: z.string(),
  role,
  scope,
  invitedBy: z.string(),
  createdAt: instant,
  expiresAt: instant,
  acceptedAt: instant.nullable(),
})
/** The token is shown once; `path` is the console's page that accepts it. */
export const newInvitation = invitation.extend({ token: z.string(), path: z.string() })
export const acceptInvitation = z.object({
  token: z.string().min(1).max(200),
  name: personName,
  password: z.string().max(200),
})

export const key = z.object({
  keyId: uuid,
  name: z.string(),
  /** The beginning of the key, to tell it from others. */
  hint: z.string(),
  role: role.nullable(),
  scope,
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
})
export type Key = z.infer<typeof key>
/** The key itself is in this answer and nowhere else. */
export const newKey = key.extend({ key: z.string() })
export const writeKeyDraft = z.object({ name: workspaceName })
export const apiKeyDraft = z.object({ name: workspaceName, role, scope: scope.default({}) })

export const auditQuery = pageQuery.extend({ object: z.string().max(200).optional() })
export const auditEntry = z.object({
  auditId: uuid,
  at: instant,
  actor: z.string(),
  /** The actor's name where it is a member's, else what kind of actor it is. */
  actorName: z.string(),
  action: z.string(),
  object: z.string(),
  detail: z.record(z.string(), z.unknown()),
})
export const auditPage = page(auditEntry)

/** "Start with my own data": the sample is closed and emptied; this workspace takes its place. */
export const leaveSample = z.object({ workspace: workspaceDraft.optional() })
export const leftSample = z.object({ workspaceId: uuid })
