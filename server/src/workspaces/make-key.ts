import type { Role, Scope } from '@baton/contract'
import { notFound, type Principal } from '../http/index.ts'
import { type Clock, newId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { type KeyKind, newAccessKey } from './access-key.ts'
import { insertKey, type KeyRecord, revokeKey } from './key-store.ts'
import type { Workspaces } from './workspaces.ts'

export interface KeyDeps {
  readonly postgres: Postgres
  readonly clock: Clock
  readonly workspaces: Pick<Workspaces, 'audit' | 'forgetKeys'>
}

/** Who makes it, or `system` for one that the start or the sample makes. */
export type KeyMaker = Pick<Principal, 'workspaceId' | 'actor'>

/** A key, shown once. A write key has no role. */
export const makeKey = async (
  deps: KeyDeps,
  maker: KeyMaker,
  draft: { readonly kind: KeyKind; readonly name: string; readonly role: Role | null; readonly scope: Scope },
): Promise<KeyRecord & { readonly key: string }> => {
  const { key, hash, hint } = newAccessKey(draft.kind)
  const made: KeyRecord = {
    ...draft,
    keyId: newId<string>(),
    workspaceId: maker.workspaceId,
    hint,
    createdAt: deps.clock.now(),
    lastUsedAt: null,
    revokedAt: null,
  }
  await deps.postgres.inWorkspace(maker.workspaceId, async (tx) => {
    await insertKey(tx, made, hash)
    await deps.workspaces.audit(tx, {
      workspaceId: maker.workspaceId,
      actor: maker.actor,
      action: `${draft.kind}-key.made`,
      object: `key:${made.keyId}`,
      detail: { hint, role: draft.role, scope: draft.scope },
    })
  })
  return { ...made, key }
}

/** Stops working before the answer in this process; in others when their memory of it is five seconds old. */
export const stopKey = async (deps: KeyDeps, principal: KeyMaker, kind: KeyKind, keyId: string): Promise<void> => {
  await deps.postgres.inWorkspace(principal.workspaceId, async (tx) => {
    const at = deps.clock.now()
    if (!(await revokeKey(tx, principal.workspaceId, kind, keyId, at))) throw notFound('key')
    await deps.workspaces.audit(tx, {
      workspaceId: principal.workspaceId,
      actor: principal.actor,
      action: `${kind}-key.revoked`,
      object: `key:${keyId}`,
    })
  })
  deps.workspaces.forgetKeys()
}
