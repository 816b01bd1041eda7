import { z } from 'zod'
import { instant, uuid } from './common.ts'

/** What somebody may do. Every route names one; `server/src/http/permissions.ts` says which role has which. */
export const permissions = [
  'workspace:read',
  'workspace:write',
  'members:write',
  'keys:write',
  'audit:read',
  'people:read',
  'people:write',
  'personal-data:export',
  'segments:write',
  'content:write',
  'journeys:write',
  'policy:write',
  'channels:write',
  'money:read',
  'money:write',
  'plan:write',
  'operations:read',
] as const
export const permission = z.enum(permissions)
export type Permission = z.infer<typeof permission>

/** The people of a marketing operation. */
export const roles = [
  'owner',
  'conductor',
  'sponsor',
  'phase-owner',
  'lead',
  'contributor',
  'partner',
  'technologist',
  'steward',
  'analyst',
  'finance',
  'developer',
] as const
export const role = z.enum(roles)
export type Role = z.infer<typeof role>

/** Which part of the operation somebody answers for; a list that is absent is no limit. */
export const scope = z.strictObject({
  phases: z.array(z.string().max(40)).max(20).optional(),
  functions: z.array(z.string().max(80)).max(50).optional(),
  units: z.array(z.string().max(80)).max(50).optional(),
  brands: z.array(z.string().max(80)).max(50).optional(),
  partner: z.string().max(120).optional(),
  /** API keys only: no more than these of what the role may. */
  permissions: z.array(permission).optional(),
})
export type Scope = z.infer<typeof scope>

export const personName = z.string().trim().min(1).max(120)
export const emailAddress = z.email().max(254)
export const passwordMinLength = 12
export const password = z.string().min(passwordMinLength).max(200)

export const signedInUser = z.object({ id: z.string(), name: z.string(), email: z.string() })

export const session = z.object({
  user: signedInUser,
  workspaces: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      isSample: z.boolean(),
      role,
      scope,
      permissions: z.array(permission),
      currency: z.string(),
      timeZone: z.string(),
      /** Domain time stands here (sample history, simulation); null: it runs with the machine. */
      clockAt: instant.nullable(),
    }),
  ),
})
export type Session = z.infer<typeof session>

export const signIn = z.object({ email: z.string().max(254), password: z.string().max(200) })
export const changePassword = z.object({ currentPassword: z.string().max(200), newPassword: password })
