import { once } from 'node:events'
import { must } from '../../server/src/kernel/index.ts'
import { familyOf, halt, until } from '../harness/server-process.ts'
import type { Dice } from './dice.ts'
import type { Site } from './site.ts'

/** What can be killed, and how. Each resolves once it is gone; what comes back does so by itself. */
type Kill = (site: Site, dice: Dice) => Promise<void>

const killNamed =
  (name: string): Kill =>
  async ({ server }) => {
    const before = server().pidOf(name)
    process.kill(before, 'SIGKILL')
    await until(
      async () => pidOrNull(() => server().pidOf(name)),
      (pid) => pid !== before,
    )
  }

/** Nobody wakes it: what is silent for so long is ended and started again. */
const haltPostgres: Kill = async ({ server }) => {
  const before = server().pidOf('PostgreSQL')
  halt(familyOf(before))
  await until(
    async () => pidOrNull(() => server().pidOf('PostgreSQL')),
    (pid) => pid !== null && pid !== before,
    180_000,
  )
}

const pidOrNull = (read: () => number): number | null => {
  try {
    return read()
  } catch {
    return null
  }
}

/** One connection's process: PostgreSQL ends all the others, too, and recovers. */
const killBackend: Kill = async ({ stores }, dice) => {
  const pid = must(dice.pick(await stores.backends()), 'api and worker are connected')
  process.kill(pid, 'SIGKILL')
}

const killServer: Kill = async (site) => {
  const { child } = site.server()
  child.kill('SIGKILL')
  await once(child, 'exit')
  await site.startAgain()
}

export const victims = {
  api: killNamed('api'),
  worker: killNamed('worker'),
  'PostgreSQL backend': killBackend,
  PostgreSQL: killNamed('PostgreSQL'),
  ClickHouse: killNamed('ClickHouse'),
  'the whole server': killServer,
  'PostgreSQL, halted': haltPostgres,
} as const satisfies Record<string, Kill>
export type Victim = keyof typeof victims
