import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { systemClock } from '../kernel/index.ts'
import { readRunning } from './data-folder.ts'
import type { Engines } from './engines.ts'
import { isAlive } from './process-identity.ts'
import { supervise } from './supervise.ts'

describe('a start that is asked to stop', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'baton-supervise-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** Children that never get ready, beside engines that only count how often they were stopped. */
  const beginning = (onEngines: (stop: AbortController) => void, onChild: (stop: AbortController) => void) => {
    const stop = new AbortController()
    let stopped = 0
    const entry = join(folder, 'never-ready.mjs')
    writeFileSync(entry, `process.send({ kind: 'failures', failures: [] }); setInterval(() => {}, 1000)`)
    const engines: Engines = {
      connections: { databaseUrl: '', ownerUrl: null, clickhouseUrl: '' },
      titles: [],
      own: [],
      stop: async () => {
        stopped += 1
      },
    }
    let children: readonly { pid: number; began: string }[] = []
    const outcome = supervise({
      config: readConfig({}, { data: join(folder, 'data'), port: '0' }, folder),
      root: folder,
      entry,
      clock: systemClock,
      say: () => {},
      startEngines: async () => {
        onEngines(stop)
        return engines
      },
      signal: stop.signal,
    })
    const look = setInterval(() => {
      const found = readRunning(join(folder, 'data'))?.processes ?? []
      if (found.length < 2) return
      children = found
      onChild(stop)
    }, 10)
    return outcome
      .finally(() => clearInterval(look))
      .then(
        () => ({ said: 'started', stopped, children }),
        (error: unknown) => ({ said: error === stop.signal.reason ? 'stopped' : error, stopped, children }),
      )
  }

  test('while the engines start goes no further, and stops them', async () => {
    const { said, stopped, children } = await beginning(
      (stop) => stop.abort(),
      () => {},
    )
    expect({ said, stopped, children }).toEqual({ said: 'stopped', stopped: 1, children: [] })
    expect(existsSync(join(folder, 'data', 'server.lock'))).toBe(false)
  })

  test('while api and worker get ready ends them, then the engines', async () => {
    const { said, stopped, children } = await beginning(
      () => {},
      (stop) => stop.abort(),
    )
    expect({ said, stopped, children: children.length }).toEqual({ said: 'stopped', stopped: 1, children: 2 })
    expect(children.filter(isAlive)).toEqual([])
    expect(existsSync(join(folder, 'data', 'server.lock'))).toBe(false)
  })
})
