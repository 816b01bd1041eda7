import { fstatSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLogFile } from './log-file.ts'

const freshLog = () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-log-'))
  const log = openLogFile(folder, 'api')
  onTestFinished(() => {
    log.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, log }
}
const tooLarge = 51 * 1024 * 1024

test('a log that was removed, its folder too, is made anew and written on', () => {
  const { folder, log } = freshLog()
  writeSync(log.descriptor(), 'before\n')
  rmSync(join(folder, 'logs'), { recursive: true })
  expect(log.trim()).toBe(true)
  writeSync(log.descriptor(), 'after\n')
  expect(readFileSync(log.path, 'utf8')).toBe('after\n')
  expect(log.trim()).toBe(false)
})

test('a child that still writes into a removed log does not fill the disk; one that was moved is left alone', () => {
  const { folder, log } = freshLog()
  const removed = log.descriptor()
  const extraName = join(folder, 'moved.log')
  renameSync(log.path, extraName)
  expect(log.trim()).toBe(true)
  truncateSync(extraName, tooLarge)
  log.trim()
  expect(statSync(extraName).size).toBe(tooLarge)
  rmSync(extraName)
  log.trim()
  expect(fstatSync(removed).size).toBe(0)
})

test('one that has grown too large is set aside, and the child goes on at the new end', () => {
  const { folder, log } = freshLog()
  truncateSync(log.path, tooLarge)
  expect(log.trim()).toBe(false)
  writeSync(log.descriptor(), 'after\n')
  expect(readFileSync(log.path, 'utf8')).toBe('after\n')
  expect(statSync(join(folder, 'logs', 'api.1.log')).size).toBe(tooLarge)
})
