import { totalmem } from 'node:os'

const mebibyte = 1024 * 1024

/**
 * The embedded server's settings, for a busy small machine. Durable: `synchronous_commit` and `fsync` stay on, because
 * the answer 200 means that a commit is on disk. Given on the command line at every start, so a new version of Baton
 * brings its own.
 */
export const serverSettings = (socketFolder: string, memoryBytes = totalmem()): Readonly<Record<string, string>> => {
  const sharedBuffers = Math.min(1024, Math.max(128, Math.floor(memoryBytes / 16 / mebibyte)))
  return {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '200',
    shared_buffers: `${sharedBuffers}MB`,
    effective_cache_size: `${Math.floor(memoryBytes / 4 / mebibyte)}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '256MB',
    huge_pages: 'off',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // The only way this build knows (pglz) costs a busy server more than the bytes it saves.
    wal_compression: 'off',
    max_wal_size: '4GB',
    min_wal_size: '256MB',
    checkpoint_timeout: '15min',
    wal_level: 'replica',
    max_wal_senders: '0',
    jit: 'off',
    random_page_cost: '1.1',
    effective_io_concurrency: '64',
    autovacuum_naptime: '15s',
    autovacuum_vacuum_cost_limit: '1000',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_checkpoints: 'off',
    // Statements may carry personal data.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
  }
}
