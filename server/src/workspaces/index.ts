/** Workspaces, who may sign in and with which role, keys, audit, and each workspace's own time. */
export type { AuditEntry } from './audit-store.ts'
export { changedSince } from './changed-since.ts'
export { type KeyDeps, type KeyMaker, makeKey, stopKey } from './make-key.ts'
export { listMembers, type MemberRecord } from './member-store.ts'
export { workspacesRoutes } from './routes.ts'
export { putFirstSecretMark, readSecretMark } from './secret-mark-store.ts'
export { refuseInUse, type TrashedRow, trashBegins, trashOf } from './trash.ts'
export { changesInWords, historyPage, type StoredVersion, type VersionWords } from './version-history.ts'
export type { Workspace } from './workspace-store.ts'
export {
  createWorkspaces,
  type FoundKey,
  type NewWorkspaceOptions,
  type WorkspaceEmptier,
  type WorkspaceHook,
  type Workspaces,
  type WorkspacesOptions,
} from './workspaces.ts'
