import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { z } from 'zod'

export const projectRoot = join(import.meta.dirname, '..', '..')
const launcher = join(projectRoot, 'server', 'src', 'cli', 'launch.cjs')

/** A server of its own, spawned as a user would, on a fresh or given data folder and a port the system chose. */
export interface ServerProcess {
  readonly child: ChildProcess
  readonly dataFolder: string
  readonly address: string
  /** Null when somebody can sign in already. */
  readonly firstRunToken: string | null
  /** What it printed so far. */
  output(): string
  /** Resolves when what it printed matches. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
  /** By name, as `running.json` says: api, worker, PostgreSQL, ClickHouse. */
  pidOf(name: string): number
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>
}

/** A folder that every user may walk through (an embedded PostgreSQL started by root runs as another one). */
export const freshDataFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-system-'))
  chmodSync(folder, 0o755)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface StartOptions {
  readonly dataFolder?: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  /** Another Node than this one, to begin with. */
  readonly node?: string
  readonly command?: readonly string[]
}

/** Runs a command of the program and collects what it prints. */
export const spawnBaton = (args: readonly string[], { env = {}, node = process.execPath }: StartOptions = {}) => {
  const child = spawn(node, [launcher, ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part
      for (const listener of listeners) listener()
    })
  }
  const ended = once(child, 'close').then(() => child.exitCode)
  const prints = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text)
        if (found === null) return
        listeners.delete(look)
        resolve(found)
      }
      listeners.add(look)
      look()
      ended.then(() => {
        look()
        if (listeners.delete(look)) reject(new Error(`It ended without printing ${pattern}:\n${text}`))
      })
    })
  return { child, ended, prints, output: () => text }
}

export const startServer = async (options: StartOptions = {}): Promise<ServerProcess> => {
  const dataFolder = options.dataFolder ?? freshDataFolder()
  const { child, ended, prints, output } = spawnBaton(
    [...(options.command ?? ['start']), '--data', dataFolder, '--port', String(options.port ?? 0)],
    options,
  )
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
    return ended
  }
  onTestFinished(async () => {
    await stop()
  })
  const [, address = ''] = await prints(/Console\s+(http:\S+)/)
  await prints(/Stop\s+Ctrl-C/)
  return {
    child,
    dataFolder,
    address,
    firstRunToken: /Token\s+(\S+)/.exec(output())?.[1] ?? null,
    output,
    prints,
    pidOf: (name) => pidIn(dataFolder, name),
    stop,
  }
}

const runningFile = z.object({ processes: z.array(z.object({ name: z.string(), pid: z.int() })) })

const pidIn = (dataFolder: string, name: string): number => {
  const { processes } = runningFile.parse(JSON.parse(readFileSync(join(dataFolder, 'running.json'), 'utf8')))
  const found = processes.find((each) => each.name === name)
  if (found === undefined) throw new Error(`${name} does not run on ${dataFolder}`)
  return found.pid
}

/** Asks until the answer satisfies, each time as soon as the last answer is in. */
export const until = async <T>(ask: () => Promise<T>, holds: (answer: T) => boolean, withinMs = 30_000): Promise<T> => {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (holds(answer)) return answer
    if (performance.now() > deadline) throw new Error(`Still not so after ${withinMs} ms: ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const readiness = z.object({ state: z.string(), problems: z.array(z.object({ part: z.string() })) })
/** Every process of an engine: PostgreSQL has one for each connection. */
export const familyOf = (pid: number): readonly number[] => {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  return [pid, ...all.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))]
}

/** Halts processes as a machine does that is suspended; answers how to let them go on, which the end of the test does, too. */
export const halt = (pids: readonly number[]): (() => void) => {
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const pid of pids) {
      try {
        process.kill(pid, signal)
      } catch {
        // It ended.
      }
    }
  }
  const goOn = (): void => signalAll('SIGCONT')
  signalAll('SIGSTOP')
  onTestFinished(goOn)
  return goOn
}

export const readyzOf = async (address: string): Promise<z.infer<typeof readiness>> => {
  try {
    return readiness.parse(await (await fetch(`${address}/readyz`)).json())
  } catch {
    return { state: 'unreachable', problems: [] }
  }
}
