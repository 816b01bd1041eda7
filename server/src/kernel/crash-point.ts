/**
 * Named places between two durable writes. `CRASH_AT=<name>:<n>` ends this process by SIGKILL at the n-th passing of
 * that place, so that tests can show that nothing is lost or doubled there; `STOP_AT=<name>:<n>` halts it there by
 * SIGSTOP, like a machine that sleeps: woken by SIGCONT, it goes on in the middle of what others have done meanwhile.
 */
const signal = process.env.STOP_AT === undefined ? 'SIGKILL' : 'SIGSTOP'
const [wantedName, wantedCount] = (process.env.STOP_AT ?? process.env.CRASH_AT ?? '').split(':')
let remaining = Number(wantedCount ?? '1')

export const crashPoint = (name: CrashPoint): void => {
  if (name !== wantedName) return
  remaining -= 1
  if (remaining === 0) process.kill(process.pid, signal)
}

/**
 * Every crash point of the code; a test kills the server, or the command that the name begins with, at each. Add a line
 * here with each new durable write.
 */
export const crashPoints = [
  'collect.committed-before-answer',
  'collect.import-appended',
  'people.before-commit',
  'people.committed',
  'projection.sealed',
  'projection.inserted',
  'projection.committed',
  'segments.tick-sealed',
  'segments.masks-written',
  'segments.versions-swapped',
  'content.form-appended',
  'journeys.before-commit',
  'journeys.committed',
  'messages.decided',
  'messages.rendered',
  'messages.intent',
  'messages.handed-over',
  'messages.feedback-owed',
  'messages.feedback-appended',
  'privacy.requested',
  'privacy.announced',
  'privacy.tombstones-kept',
  'privacy.cleared',
  'privacy.slice-rewritten',
  'privacy.clickhouse-cleared',
  'privacy.vacuumed',
  'rebuild.inserted',
  'rebuild.copied',
  'rebuild.forgotten',
  'rebuild.swapped-one',
  'rebuild.dropped-one',
  'restore.before-commit',
  'restore.committed',
  'restore.settled-one',
  'restore.freed-one',
] as const
export type CrashPoint = (typeof crashPoints)[number]
