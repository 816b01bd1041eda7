import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { claimDataFolder, ownerOf, readRunning } from './data-folder.ts'
import { identityOf, isAlive } from './process-identity.ts'
import { createTryAgainLater } from './try-again-later.ts'

describe('a data folder', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'baton-folder-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('is taken by one server; a second one is told whose it is', () => {
    const claim = claimDataFolder(folder)
    expect(() => claimDataFolder(folder)).toThrow(`process ${process.pid}`)
    claim.release()
    claimDataFolder(folder).release()
  })

  test('is free again when its owner is dead, even if another process has that number now', () => {
    writeFileSync(join(folder, 'server.lock'), JSON.stringify({ pid: process.pid, began: 'before the last boot' }))
    const claim = claimDataFolder(folder)
    expect(ownerOf(folder)).toEqual(identityOf(process.pid))
    claim.release()
    expect(ownerOf(folder)).toBeNull()
  })

  test('is free again when its lock was cut short by a full disk', () => {
    writeFileSync(join(folder, 'server.lock'), '{"pid":')
    claimDataFolder(folder).release()
  })

  test('tells the next start which processes a killed server left behind', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(child, 'spawn')
    const left = identityOf(child.pid ?? 0)
    const first = claimDataFolder(folder)
    const process1 = { ...left, name: 'worker', state: 'running' as const, restarts: 0, since: 0 }
    first.record({ address: null, startedAt: 0, processes: [process1] })
    writeFileSync(join(folder, 'server.lock'), JSON.stringify({ pid: process.pid, began: 'killed' }))
    const second = claimDataFolder(folder)
    expect(second.leftBehind.map(({ pid }) => pid)).toEqual([left.pid])
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isAlive(left)).toBe(false)
    second.release()
    expect(readRunning(folder)).toBeNull()
  })

  test('that takes nothing any more is said once, and once more when it had worked meanwhile', () => {
    const said: string[] = []
    const claim = claimDataFolder(folder)
    const tryTo = createTryAgainLater((line) => said.push(line), 'What runs could not be written down')
    const record = () => tryTo(() => claim.record({ address: null, startedAt: 0, processes: [] }))
    const outcomes = [record()]
    mkdirSync(join(folder, 'running.json.new'))
    outcomes.push(record(), record())
    rmSync(join(folder, 'running.json.new'), { recursive: true })
    outcomes.push(record())
    mkdirSync(join(folder, 'running.json.new'))
    outcomes.push(record())
    expect(outcomes).toEqual([true, false, false, true, false])
    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/^What runs could not be written down: EISDIR.*It is tried again\.$/)
    claim.release()
  })
})
