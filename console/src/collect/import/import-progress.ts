import type { ImportJob, ImportState } from '@baton/contract'

const endStates: readonly ImportState[] = ['done', 'stopped', 'failed']

export const isRunning = ({ state }: Pick<ImportJob, 'state'>): boolean => !endStates.includes(state)

const ratio = (done: number, of: number): number => (of === 0 ? 0 : Math.min(1, done / of))

/**
 * How far an import is, 0 to 100: a third each for sending, reading and writing. `sentBytes` is the size of the file,
 * which only the browser that sends it knows. Orders have at least one row, so writing ends early rather than late.
 */
export const percentOf = (job: ImportJob, sentBytes: number | null): number => {
  switch (job.state) {
    case 'receiving':
      return (sentBytes === null ? 0 : ratio(job.bytes, sentBytes)) * (100 / 3)
    case 'reading':
      return (1 + ratio(job.bytesRead, job.bytes)) * (100 / 3)
    case 'writing':
      return (2 + ratio(job.orders, job.accepted)) * (100 / 3)
    case 'done':
    case 'stopped':
    case 'failed':
      return 100
  }
}
