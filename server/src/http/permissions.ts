import { type Permission, permissions, type Role, type Scope } from '@baton/contract'
import type { Principal, Reach } from './access.ts'
import { UserError } from './user-error.ts'

/** What each permission lets somebody do: shown where roles are chosen. */
export const permissionMeanings: Record<Permission, string> = {
  'workspace:read': 'see definitions and counts that name no customer: segments, journeys, life cycle, templates, home',
  'workspace:write': 'change the workspace and its settings, leave the sample',
  'members:write': 'invite people, change their role and scope, remove them',
  'keys:write': 'make and revoke write keys and API keys',
  'audit:read': 'see who changed what',
  'people:read': 'see customers: their data, events, timeline, messages',
  'people:write': 'change customers: import, consent, undo a merge, answer a reply',
  'personal-data:export': 'take customer data out of Baton, erase it',
  'segments:write': 'define segments and the life cycle',
  'content:write': 'write templates, forms and the brand kit',
  'journeys:write': 'write, publish, pause and stop journeys',
  'policy:write': 'change consent topics, quiet hours, caps and the kill switch',
  'channels:write': 'set up channels: how messages leave and replies come in',
  'money:read': 'see equity, costs and what people are worth',
  'money:write': 'enter and import costs',
  'plan:write': 'name phase owners, change the plan',
  'operations:read': 'see how the system itself is doing',
}

const reader: readonly Permission[] = ['workspace:read']
const engager: readonly Permission[] = [...reader, 'people:read', 'segments:write', 'content:write', 'journeys:write']

/** Who may do what. The owner may do everything; others only what stands in their line. */
export const rolePermissions: Record<Role, readonly Permission[]> = {
  owner: permissions,
  conductor: permissions.filter((each) => each !== 'personal-data:export'),
  sponsor: [...reader, 'people:read', 'money:read', 'plan:write', 'audit:read', 'operations:read'],
  'phase-owner': [...engager, 'people:write', 'money:read', 'money:write', 'operations:read'],
  lead: [...reader, 'people:read', 'people:write', 'content:write'],
  contributor: [...reader, 'people:read', 'content:write'],
  partner: [...reader, 'content:write'],
  technologist: [...reader, 'people:read', 'keys:write', 'channels:write', 'audit:read', 'operations:read'],
  steward: [
    ...reader,
    'people:read',
    'people:write',
    'personal-data:export',
    'segments:write',
    'policy:write',
    'audit:read',
  ],
  analyst: [...reader, 'people:read', 'segments:write', 'money:read'],
  finance: [...reader, 'money:read', 'money:write'],
  developer: [...reader, 'people:read', 'people:write', 'keys:write', 'operations:read'],
}

/** What there is once for all phases and partners: nobody changes it who answers for a part. */
const ofTheWholeOperation: readonly Permission[] = ['workspace:write', 'policy:write', 'channels:write']

const hasPart = ({ phases, partner }: Scope): boolean => phases !== undefined || partner !== undefined

/** What somebody may do by role; her scope may narrow it further, never widen it. */
export const permissionsOf = ({ role, scope }: Pick<Principal, 'role' | 'scope'>): readonly Permission[] =>
  rolePermissions[role].filter(
    (each) =>
      (scope.permissions === undefined || scope.permissions.includes(each)) &&
      !(hasPart(scope) && ofTheWholeOperation.includes(each)),
  )

export const may = (who: Pick<Principal, 'role' | 'scope'>, permission: Permission): boolean =>
  permissionsOf(who).includes(permission)

/** Nobody hands out more than she has: every permission of the other role and scope is one of her own, her part, too. */
export const mayGrant = (who: Pick<Principal, 'role' | 'scope'>, given: Pick<Principal, 'role' | 'scope'>): boolean => {
  const own = permissionsOf(who)
  return permissionsOf(given).every((each) => own.includes(each)) && liesWithin(given.scope, who.scope)
}

const liesWithin = (inner: Scope, outer: Scope): boolean =>
  (outer.partner === undefined || inner.partner === outer.partner) &&
  (outer.phases === undefined || inner.phases?.every((each) => outer.phases?.includes(each)) === true)

/** Whether her scope lets her touch what is nobody's part alone. */
export const reaches = ({ scope }: Pick<Principal, 'scope'>, reach: Reach): boolean =>
  reach === 'firm' ? scope.partner === undefined : !hasPart(scope)

/** What something in the operation belongs to. Null: to no phase or partner in particular. */
export interface Belonging {
  readonly phase?: string | null | undefined
  readonly partner?: string | null | undefined
}

/** Whether it lies in the part of the operation that somebody answers for. Who has no scope answers for all of it. */
export const answersFor = ({ scope }: Pick<Principal, 'scope'>, { phase, partner }: Belonging): boolean =>
  (scope.phases === undefined || (typeof phase === 'string' && scope.phases.includes(phase))) &&
  (scope.partner === undefined || partner === scope.partner)

/** @throws UserError when it lies outside of what she answers for. */
export const refuseOutside = (who: Pick<Principal, 'scope'>, what: Belonging): void => {
  if (answersFor(who, what)) return
  throw new UserError('forbidden', `This is outside of what you answer for: ${scopeInWords(who)}.`, {
    remedy: 'Name a phase and partner of yours, or ask an owner to widen your scope (Settings, Members).',
  })
}

/** @throws UserError when it is nobody's part alone, and her scope is a part. */
export const refuseBeyond = (who: Pick<Principal, 'scope'>, reach: Reach): void => {
  if (reaches(who, reach)) return
  throw new UserError('forbidden', `This is of the whole operation, and you answer for a part: ${scopeInWords(who)}.`, {
    remedy: 'Ask an owner to do it, or to widen your scope (Settings, Members).',
  })
}

const scopeInWords = ({ scope }: Pick<Principal, 'scope'>): string =>
  [
    ...(scope.phases === undefined ? [] : [`the phases ${scope.phases.join(', ') || '(none)'}`]),
    ...(scope.partner === undefined ? [] : [`the partner ${scope.partner}`]),
  ].join(' and ')
