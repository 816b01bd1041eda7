import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Bench, mostLoad, withLoadBefore } from './bench.ts'

/** `npm run -s bench -- ingest|latency|segments [--quick] [--json] [--people N] …`: one bench at a time. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  ingest: async () => (await import('./ingest.ts')).ingest,
  latency: async () => (await import('./latency.ts')).latency,
  segments: async () => (await import('./segments.ts')).segments,
}

const sizeNames = ['people', 'events', 'rules', 'journeys', 'seconds', 'rate', 'changed'] as const

const mostWaitMs = 180_000

/** What ran before a bench still weighs on the load average for a minute or two. */
const quietMachine = async (say: (line: string) => void): Promise<void> => {
  const until = Date.now() + mostWaitMs
  while ((loadavg()[0] ?? 0) > mostLoad && Date.now() < until) {
    say(`waiting for a quiet machine, load average ${loadavg()[0]?.toFixed(2)}`)
    await new Promise((resolve) => setTimeout(resolve, 10_000))
  }
}

class UsageError extends Error {
  override readonly name = 'UsageError'
}

const usage = `Usage: npm run -s bench -- ${Object.keys(benches).join('|')} [--quick] [--json] ${sizeNames.map((name) => `[--${name} N]`).join(' ')}`

const asked = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        ...Object.fromEntries(sizeNames.map((name) => [name, { type: 'string' as const }])),
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Without rules, too, it is told what collecting costs. */
const sizeOf = (name: string, given: string): number => {
  const size = given === '' ? Number.NaN : Number(given)
  if (!Number.isSafeInteger(size) || size < (name === 'rules' ? 0 : 1))
    throw new UsageError(`--${name} is "${given}": give a whole number.`)
  return size
}

const main = async (): Promise<void> => {
  const { values, positionals } = asked()
  const [name = ''] = positionals
  const load = benches[name]
  if (!load || positionals.length > 1) throw new UsageError(`There is no bench "${positionals.join(' ')}".`)
  const sizes = Object.fromEntries(
    sizeNames.flatMap((size) => {
      const given: unknown = Reflect.get(values, size)
      return typeof given === 'string' ? [[size, sizeOf(size, given)]] : []
    }),
  )
  const release = takeTurn()
  try {
    const say = (line: string) => process.stderr.write(`${line}\n`)
    if (values.quick !== true) await quietMachine(say)
    const [loadBefore = 0] = loadavg()
    const bench = await load()
    const line = withLoadBefore(await bench({ quick: values.quick === true, sizes, say }), loadBefore)
    process.stdout.write(values.json ? `${JSON.stringify(line)}\n` : `${JSON.stringify(line, null, 2)}\n`)
  } finally {
    release()
  }
}

/** Two benches at once measure each other. */
const takeTurn = (): (() => void) => {
  const file = join(tmpdir(), 'baton-bench.pid')
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, 'utf8'))
    if (isAlive(pid)) throw new Error(`Another bench runs (pid ${pid}). Wait for it, or end it.`)
  }
  writeFileSync(file, String(process.pid))
  return () => rmSync(file, { force: true })
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

await main().catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n${usage}\n`)
  process.exitCode = 2
})
