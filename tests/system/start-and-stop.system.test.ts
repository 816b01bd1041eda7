import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isAlive as isProcessAlive } from '../../server/src/supervisor/index.ts'
import { familyOf, freshDataFolder, halt, readyzOf, spawnBaton, startServer, until } from '../harness/server-process.ts'

/** An ended process that nobody waited for (its parent was killed) does not count. */
const isAlive = (pid: number): boolean => isProcessAlive({ pid, began: '' })

/** A Node of the machine that is older than ours, as a newcomer has it. */
const olderNode = ['/usr/local/bin/node', '/usr/bin/node', '/opt/node/bin/node'].find((path) => {
  if (!existsSync(path)) return false
  const major = Number(/^v(\d+)/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout)?.[1])
  return major >= 18 && major < 26
})

describe('starting', () => {
  test('says where it listens, gives a token once, and stops in order at Ctrl-C', async () => {
    const server = await startServer()
    expect(server.firstRunToken).toMatch(/^\S{20,}$/)
    expect((await readyzOf(server.address)).state).toBe('ok')
    const pids = ['api', 'worker', 'PostgreSQL', 'ClickHouse'].map((name) => server.pidOf(name))
    expect(await server.stop()).toBe(0)
    expect(server.output()).toMatch(/Stopping: requests, then the work under way, then the engines[\s\S]*Stopped\./)
    expect(pids.filter(isAlive)).toEqual([])
    expect(existsSync(join(server.dataFolder, 'running.json'))).toBe(false)
    expect(existsSync(join(server.dataFolder, 'connections.json'))).toBe(false)

    const again = await startServer({ dataFolder: server.dataFolder })
    expect((await readyzOf(again.address)).state).toBe('ok')
  })

  test('stops in order although whoever read its output is gone', async () => {
    const server = await startServer()
    const pids = ['api', 'worker', 'PostgreSQL', 'ClickHouse'].map((name) => server.pidOf(name))
    server.child.stdout?.destroy()
    server.child.stderr?.destroy()
    expect(await server.stop()).toBe(0)
    expect(pids.filter(isAlive)).toEqual([])
    expect(existsSync(join(server.dataFolder, 'running.json'))).toBe(false)
  })

  test.skipIf(olderNode === undefined)('works from a Node that is older than ours', async () => {
    const server = await startServer(olderNode === undefined ? {} : { node: olderNode })
    expect((await readyzOf(server.address)).state).toBe('ok')
    expect(await server.stop()).toBe(0)
  })

  test('a second start on the same data folder is refused with the pid of the first', async () => {
    const server = await startServer()
    const second = spawnBaton(['start', '--data', server.dataFolder, '--port', '0'])
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(`Baton already runs on ${server.dataFolder} (process ${server.child.pid})`)
    expect((await readyzOf(server.address)).state).toBe('ok')
  })

  test('a busy port is said, with another one to take', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const start = spawnBaton(['start', '--data', freshDataFolder(), '--port', String(port)])
    expect(await start.ended).toBe(1)
    expect(start.output()).toContain(`Another program listens on 127.0.0.1:${port}`)
    expect(start.output()).toMatch(/start Baton with --port \d+/)
  })

  test('a wrong setting is named in a line', async () => {
    const start = spawnBaton(['start', '--data', freshDataFolder(), '--port', 'many'])
    expect(await start.ended).toBe(1)
    expect(start.output()).toContain('BATON_PORT is "many" and must be a whole number from 0 to 65535.')
  })

  test.skipIf(process.getuid?.() !== 0)('as root, a data folder that others can not walk to is refused', async () => {
    const closed = join(freshDataFolder(), 'home')
    mkdirSync(closed)
    chmodSync(closed, 0o700)
    const start = spawnBaton(['start', '--data', join(closed, 'data'), '--port', '0'])
    expect(await start.ended).toBe(1)
    expect(start.output()).toContain(`can't walk through ${closed}`)
  })
})

describe('what is killed comes back by itself', () => {
  test('api, worker and both engines, one after the other', { timeout: 180_000 }, async () => {
    const server = await startServer()
    for (const name of ['api', 'worker', 'ClickHouse', 'PostgreSQL']) {
      const before = server.pidOf(name)
      process.kill(before, 'SIGKILL')
      await until(
        async () => pidOrNull(() => server.pidOf(name)),
        (pid) => pid !== null && pid !== before,
      )
      const { state } = await until(
        () => readyzOf(server.address),
        (ready) => ready.state === 'ok',
      )
      expect(`${name} ${state}`).toBe(`${name} ok`)
    }
    expect(server.child.exitCode).toBeNull()
    expect(await server.stop()).toBe(0)
  })

  test('everything, when the whole server was killed: the next start takes over', { timeout: 120_000 }, async () => {
    const server = await startServer()
    const pids = ['api', 'worker'].map((name) => server.pidOf(name))
    server.child.kill('SIGKILL')
    await once(server.child, 'exit')
    const again = await startServer({ dataFolder: server.dataFolder })
    expect((await readyzOf(again.address)).state).toBe('ok')
    expect(pids.filter(isAlive)).toEqual([])
  })
})

describe('what hangs is named within 15 s', () => {
  test('the worker and both engines, stopped with SIGSTOP', { timeout: 180_000 }, async () => {
    const server = await startServer()
    for (const [name, part] of [
      ['worker', 'worker'],
      ['ClickHouse', 'clickhouse'],
      ['PostgreSQL', 'postgres'],
    ] as const) {
      const goOn = halt(familyOf(server.pidOf(name)))
      await until(
        () => readyzOf(server.address),
        ({ problems }) => problems.some((problem) => problem.part === part),
        15_000,
      )
      goOn()
      await until(
        () => readyzOf(server.address),
        ({ state }) => state === 'ok',
      )
    }
    expect(await server.stop()).toBe(0)
  })
})

test('doctor says what runs, and that nothing does once it is stopped', async () => {
  const server = await startServer()
  const port = new URL(server.address).port
  const healthy = spawnBaton(['doctor', '--data', server.dataFolder, '--port', port, '--json'])
  expect(await healthy.ended).toBe(0)
  const diagnosis: unknown = JSON.parse(healthy.output())
  expect(diagnosis).toMatchObject({ healthy: true, outside: { answers: true, server: { pid: server.child.pid } } })
  await server.stop()
  const stopped = spawnBaton(['doctor', '--data', server.dataFolder, '--port', port])
  expect(await stopped.ended).toBe(0)
  expect(stopped.output()).toContain('no server runs on this folder')
  expect(readFileSync(join(server.dataFolder, 'logs', 'api.log'), 'utf8')).not.toBe('')
})

const pidOrNull = (read: () => number): number | null => {
  try {
    return read()
  } catch {
    return null
  }
}
