/**
 * Backup and restore: everything in PostgreSQL at one instant, with counts and checksums; ClickHouse is rebuilt. A
 * restored copy sends nothing until that is confirmed.
 */
export { type BackedUpTable, type Manifest, readArchivedSecret, readManifest } from './archive.ts'
export { type BackupRequest, takeBackup } from './backup.ts'
export { type RestoreRequest, restoreBackup } from './restore.ts'
export { readHeld } from './restore-hold-store.ts'
