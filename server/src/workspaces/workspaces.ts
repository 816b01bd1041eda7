import type { Role, Scope, WorkspaceDraft } from '@baton/contract'
import type { Logger } from 'pino'
import { notFound, type Principal, type SignedIn, UserError, type Who } from '../http/index.ts'
import { type Clock, dayMs, type Instant, minuteMs, newId, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres, Tx } from '../stores/index.ts'
import { hashSecret, looksLikeKey, newSecret } from './access-key.ts'
import { hashPassword } from './argon2-password.ts'
import { type AuditEntry, insertAudit } from './audit-store.ts'
import { emptyClickHouse } from './empty-workspace-sql.ts'
import { emptyPostgres } from './empty-workspace-store.ts'
import { putFirstRunToken, useFirstRunToken } from './first-run-store.ts'
import { findWorkingKey, type KeyRecord } from './key-store.ts'
import { createLookupCache } from './lookup-cache.ts'
import { copyMembers, insertMember, lockOwnerless } from './member-store.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { hashToken } from './sign-in-database.ts'
import {
  anyUser,
  deleteEndedSessions,
  findFirstUser,
  findSignedIn,
  insertSimulatedUser,
  insertUser,
} from './user-store.ts'
import {
  anySampleLeft,
  closeWorkspace,
  findWorkspaces,
  finishEmptying,
  insertWorkspace,
  listUnemptied,
  listWorkspaces,
  lockWorkspace,
  setClock,
  type Workspace,
} from './workspace-store.ts'

/**
 * Called inside the transaction that makes a workspace, with its owner if it has one yet; and once more when one that
 * was made before anybody could sign in gets its first owner. So it must bear being called twice.
 */
export type WorkspaceHook = (
  tx: Tx,
  made: { readonly workspaceId: WorkspaceId; readonly ownerId: string | null; readonly isSample: boolean },
) => Promise<void>

/** Removes what a workspace that was left holds outside the two stores. Called at least twice, and again after a crash. */
export type WorkspaceEmptier = (workspaceId: WorkspaceId) => Promise<void>

export interface WorkspacesOptions {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  /** Machine time: sessions, keys, audit. */
  readonly clock: Clock
  readonly log: Logger
  /** Baton's own address; https makes its cookies Secure. */
  readonly publicUrl: string
  /** Signs cookies; at least 32 random characters, the same for every process of an installation. */
  readonly secret: string
  readonly onWorkspaceCreated?: readonly WorkspaceHook[]
  readonly emptiers?: readonly WorkspaceEmptier[]
}

export interface NewWorkspaceOptions {
  readonly ownerId: string | null
  readonly isSample?: boolean
  readonly clockAt?: Instant | null
  readonly actor?: string
}

/** A key that works: what collect needs to know where an event goes, and the kit who asks. */
export type FoundKey = Pick<KeyRecord, 'keyId' | 'workspaceId' | 'kind' | 'role' | 'scope'>

export interface Workspaces {
  /** Throws `not-found` for one that is closed or never was. */
  get(workspaceId: WorkspaceId): Promise<Workspace>
  list(): Promise<Workspace[]>
  getMany(workspaceIds: readonly WorkspaceId[]): Promise<Workspace[]>
  /** The workspace's own time: the machine's, or where its clock was put. */
  domainNow(workspaceId: WorkspaceId): Promise<Instant>
  /** Null lets it run with the machine again. */
  moveClock(workspaceId: WorkspaceId, at: Instant | null): Promise<void>
  create(draft: WorkspaceDraft, options: NewWorkspaceOptions): Promise<Workspace>
  /** By the key itself. A revoked one is refused at once here, and within five seconds in other processes. */
  findKey(key: string): Promise<FoundKey | null>
  forgetKeys(): void
  audit(tx: Tx, entry: AuditEntry): Promise<void>
  /** The token that makes the first user, to be printed once; null where somebody can sign in already. */
  firstRunToken(): Promise<string | null>
  needsFirstRun(): Promise<boolean>
  /** The first who could sign in, or null. */
  firstUserId(): Promise<string | null>
  /** A member of a sample who is part of the simulation: she has a name and a role and can't sign in. */
  addSimulatedMember(
    workspaceId: WorkspaceId,
    person: { readonly name: string; readonly email: string; readonly role: Role; readonly scope: Scope },
  ): Promise<string>
  completeFirstRun(given: FirstRun): Promise<void>
  /** Closes the sample and opens another workspace with the same members. Its rows go by `emptyClosed`. */
  leaveSample(principal: Principal, draft: WorkspaceDraft | undefined): Promise<Workspace>
  /** True from then on: the sample is not made again on this installation. */
  sampleWasLeft(): Promise<boolean>
  /** Removes the rows of workspaces that were left, in both stores; to be called at start and daily, too. */
  emptyClosed(): Promise<void>
  readonly who: Who
  readonly signIn: SignIn
}

export interface FirstRun {
  readonly token: string
  readonly name: string
  readonly email: string
  readonly password: string
  readonly workspace?: WorkspaceDraft | undefined
}

const keyCacheMs = 5000
const keyCacheEntries = 10_000
const underWayMs = 5 * minuteMs

export const createWorkspaces = async (options: WorkspacesOptions): Promise<Workspaces> => {
  const { postgres, clickhouse, clock, log, publicUrl, secret } = options
  const hooks = options.onWorkspaceCreated ?? []
  const emptiers = options.emptiers ?? []
  const signIn = await createSignIn({ postgres, log, publicUrl, secret })

  const keys = createLookupCache<FoundKey | null>({
    load: (key) => postgres.inGlobal((tx) => findWorkingKey(tx, hashSecret(key), clock.now())),
    ttlMs: keyCacheMs,
    maxEntries: keyCacheEntries,
    clock,
  })
  const findKey = (key: string): Promise<FoundKey | null> => (looksLikeKey(key) ? keys.get(key) : Promise.resolve(null))

  const getMany = (ids: readonly WorkspaceId[]) => postgres.askGlobal((db) => findWorkspaces(db, ids))
  const get = async (workspaceId: WorkspaceId): Promise<Workspace> => {
    const [found] = await getMany([workspaceId])
    if (found === undefined) throw notFound('workspace')
    return found
  }
  const audit = (tx: Tx, entry: AuditEntry) => insertAudit(tx, entry, clock.now())

  const runHooks: WorkspaceHook = async (tx, made) => {
    for (const hook of hooks) await hook(tx, made)
  }

  /** Inside a transaction of the new workspace. */
  const make = async (
    tx: Tx,
    workspaceId: WorkspaceId,
    draft: WorkspaceDraft,
    made: NewWorkspaceOptions,
  ): Promise<void> => {
    const at = clock.now()
    const isSample = made.isSample ?? false
    await insertWorkspace(tx, { ...draft, workspaceId, isSample, clockAt: made.clockAt ?? null, createdAt: at })
    if (made.ownerId !== null)
      await insertMember(tx, { workspaceId, userId: made.ownerId, role: 'owner', scope: {}, at })
    await runHooks(tx, { workspaceId, ownerId: made.ownerId, isSample })
    const actor = made.actor ?? (made.ownerId === null ? 'system' : `user:${made.ownerId}`)
    await audit(tx, { workspaceId, actor, action: 'workspace.created', object: `workspace:${workspaceId}` })
  }

  const create = async (draft: WorkspaceDraft, made: NewWorkspaceOptions): Promise<Workspace> => {
    const workspaceId = newId<WorkspaceId>()
    await postgres.inWorkspace(workspaceId, (tx) => make(tx, workspaceId, draft, made))
    return get(workspaceId)
  }

  const completeFirstRun = async (given: FirstRun): Promise<void> => {
    const passwordHash = await hashPassword(given.password)
    const primary = newId<WorkspaceId>()
    const { userId, adopted } = await postgres.inWorkspace(primary, async (tx) => {
      const at = clock.now()
      if (!(await useFirstRunToken(tx, hashSecret(given.token), at))) throw tokenInvalid()
      const userId = await insertUser(tx, { ...given, passwordHash, at })
      if (userId === null) throw tokenInvalid()
      // The sample was there before her: it is hers, too.
      const adopted = await lockOwnerless(tx)
      for (const workspaceId of adopted) await insertMember(tx, { workspaceId, userId, role: 'owner', scope: {}, at })
      if (given.workspace !== undefined) await make(tx, primary, given.workspace, { ownerId: userId })
      else if (adopted.length === 0) throw workspaceMissing()
      return { userId, adopted }
    })
    for (const { workspaceId, isSample } of await getMany(adopted)) {
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await runHooks(tx, { workspaceId, ownerId: userId, isSample })
        await audit(tx, {
          workspaceId,
          actor: `user:${userId}`,
          action: 'workspace.adopted',
          object: `workspace:${workspaceId}`,
        })
      })
    }
  }

  const firstRunToken = async (): Promise<string | null> => {
    const token = newSecret()
    return postgres.inGlobal(async (tx) => {
      await deleteEndedSessions(tx, clock.now() - dayMs)
      if (await anyUser(tx)) return null
      return (await putFirstRunToken(tx, hashSecret(token), clock.now())) ? token : null
    })
  }

  const leaveSample = async (principal: Principal, draft: WorkspaceDraft | undefined): Promise<Workspace> => {
    const workspaceId = newId<WorkspaceId>()
    await postgres.inWorkspace(workspaceId, async (tx) => {
      const sample = await lockWorkspace(tx, principal.workspaceId)
      if (sample === null || !sample.isSample) {
        throw new UserError('conflict', 'This workspace is not the sample, or it was left already.', {
          remedy: 'Nothing needs to be done: your own data stays.',
        })
      }
      const ownerId = ownerAmong(principal)
      await make(tx, workspaceId, draft ?? { ...sample, name: 'My workspace' }, { ownerId, actor: principal.actor })
      await copyMembers(tx, sample.workspaceId, workspaceId, clock.now())
      await closeWorkspace(tx, sample.workspaceId, clock.now())
    })
    keys.forget()
    return get(workspaceId)
  }

  const emptyClosed = async (): Promise<void> => {
    for (const { workspaceId, closedAt } of await postgres.inGlobal(listUnemptied)) {
      for (const empty of emptiers) await empty(workspaceId)
      await emptyPostgres(postgres, workspaceId)
      await emptyClickHouse(clickhouse, workspaceId)
      // A turn or a batch that was under way when it closed may have written after us: the next call comes again.
      if (clock.now() - closedAt < underWayMs) continue
      await postgres.inGlobal((tx) => finishEmptying(tx, workspaceId, clock.now()))
      log.info({ workspaceId }, 'a workspace that was left is empty')
    }
  }

  const bySession = async (cookies: Readonly<Record<string, string | undefined>>): Promise<SignedIn | null> => {
    const token = signIn.readToken(cookies[signIn.cookieName])
    return token === null ? null : postgres.askGlobal((db) => findSignedIn(db, hashToken(token), clock.now()))
  }

  return {
    get,
    getMany,
    list: () => postgres.inGlobal(listWorkspaces),
    domainNow: async (workspaceId) => (await get(workspaceId)).clockAt ?? clock.now(),
    moveClock: (workspaceId, at) => postgres.inGlobal((tx) => setClock(tx, workspaceId, at)),
    create,
    findKey,
    forgetKeys: keys.forget,
    audit,
    firstRunToken,
    firstUserId: () => postgres.inGlobal(findFirstUser),
    addSimulatedMember: (workspaceId, { name, email, role, scope }) =>
      postgres.inWorkspace(workspaceId, async (tx) => {
        const at = clock.now()
        const userId = await insertSimulatedUser(tx, { name, email, at })
        await insertMember(tx, { workspaceId, userId, role, scope, at })
        return userId
      }),
    needsFirstRun: async () => !(await postgres.inGlobal(anyUser)),
    completeFirstRun,
    leaveSample,
    sampleWasLeft: () => postgres.inGlobal(anySampleLeft),
    emptyClosed,
    who: {
      bySession,
      byApiKey: async (key) => asPrincipal(await findKey(key)),
      tookOut: ({ workspaceId, actor }, { list, path }) =>
        postgres.inWorkspace(workspaceId, (tx) =>
          audit(tx, { workspaceId, actor, action: 'list.exported', object: `list:${list}`, detail: { path } }),
        ),
    },
    signIn,
  }
}

const asPrincipal = (key: FoundKey | null): Principal | null =>
  key === null || key.kind !== 'api' || key.role === null ? null : apiPrincipal(key, key.role, key.scope)

const apiPrincipal = (key: FoundKey, role: Role, scope: Scope): Principal => ({
  kind: 'api-key',
  workspaceId: key.workspaceId,
  role,
  scope,
  actor: `key:${key.keyId}`,
})

/** Who leaves the sample owns what comes after it, if she owned the sample. */
const ownerAmong = (principal: Principal): string | null =>
  principal.kind === 'user' && principal.role === 'owner' ? principal.actor.slice('user:'.length) : null

const tokenInvalid = (): UserError =>
  new UserError('token-invalid', 'The first-run token is wrong or was used.', {
    remedy: 'Copy the token that the newest start of the server printed; if somebody set it up before you, sign in.',
  })

const workspaceMissing = (): UserError =>
  new UserError('invalid-input', 'There is no workspace yet.', {
    remedy: 'Send "workspace" with name, currency and timeZone.',
  })
