import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testStores } from '../../tests/harness/stores.ts'
import { readConfig } from './config.ts'
import { OperatorError } from './kernel/index.ts'
import { beginWithSecret, findOwnSecret, openExamination, openRooms, startWorker } from './main.ts'

const stores = await testStores()
const other = 'another secret of thirty-two characters or more'
let folder = ''
let elsewhere = ''
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-secret-'))
  elsewhere = mkdtempSync(join(tmpdir(), 'baton-secret-'))
  await stores.admin('delete from secret_mark')
})
afterEach(() => {
  for (const each of [folder, elsewhere]) rmSync(each, { recursive: true, force: true })
})

const configOf = (dataFolder: string, secret?: string) =>
  readConfig({
    BATON_DATA: dataFolder,
    BATON_LOG: 'silent',
    DATABASE_URL: stores.databaseUrl,
    CLICKHOUSE_URL: stores.clickhouseUrl,
    ...(secret === undefined ? {} : { BATON_SECRET: secret }),
  })
const begin = (dataFolder: string, secret?: string) => beginWithSecret(configOf(dataFolder, secret), stores)
/** What every command does that works in a workspace: key create, import, rebuild, restore --confirm-sending. */
const command = async (dataFolder: string, secret?: string) => {
  const rooms = await openRooms(configOf(dataFolder, secret), stores)
  await rooms.close()
  return 'worked'
}
const doctor = async (dataFolder: string, secret?: string) => {
  const examination = openExamination(
    configOf(dataFolder, secret),
    { postgres: 'server', clickhouse: 'server' },
    () => ({ processes: [], failures: new Map() }),
  )
  return examination.workspaces().finally(() => examination.close())
}
const refused = (why: RegExp) => ({ message: expect.stringMatching(why) })
const notHere = refused(/^The installation's secret is not here: BATON_SECRET is not set/)
const isOther = refused(/^The secret is not the one this installation works with\. Set BATON_SECRET/)

test('the first start makes the secret, the next one finds it, and commands beside it work', async () => {
  const secret = await begin(folder)
  expect(secret).toMatch(/^\S{40,}$/)
  expect(await begin(folder)).toBe(secret)
  expect(await command(folder)).toBe('worked')
  expect(await doctor(folder)).toEqual([])
  expect(await findOwnSecret(configOf(folder), stores)).toBe(secret)
  const [row] = await stores.admin<{ mark: Buffer }>('select mark from secret_mark')
  expect(row?.mark.toString('latin1')).not.toContain(secret)
})

test('a command without the secret of a server that has it from its environment is refused, and makes none', async () => {
  await begin(folder, other)
  await expect(command(folder)).rejects.toMatchObject(notHere)
  await expect(doctor(folder)).rejects.toMatchObject(notHere)
  expect(await findOwnSecret(configOf(folder), stores)).toBeNull()
  // Nor does a start: it is the same installation.
  await expect(begin(folder)).rejects.toMatchObject(notHere)
  expect(existsSync(join(folder, 'secret'))).toBe(false)
  expect(await command(folder, other)).toBe('worked')
})

test('whoever comes with another secret is refused, and the backup does not keep it', async () => {
  const secret = await begin(folder)
  await expect(command(folder, other)).rejects.toMatchObject(isOther)
  await expect(doctor(folder, other)).rejects.toMatchObject(isOther)
  await expect(begin(folder, other)).rejects.toMatchObject(isOther)
  await expect(findOwnSecret(configOf(folder, other), stores)).rejects.toMatchObject(isOther)
  writeFileSync(join(elsewhere, 'secret'), other)
  await expect(command(elsewhere)).rejects.toMatchObject(isOther)
  await expect(startWorker({ config: configOf(folder, other), root: folder, version: '0' })).rejects.toMatchObject(
    isOther,
  )
  expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe(secret)
})

test('of two first starts at the same instant with different secrets one is the first', async () => {
  const outcomes = await Promise.allSettled([begin(folder), begin(elsewhere)])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('a secret that was cut short is named, and none is made in its place', async () => {
  writeFileSync(join(folder, 'secret'), 'short')
  await expect(begin(folder)).rejects.toThrow(OperatorError)
  await expect(begin(folder)).rejects.toMatchObject(refused(/was cut short\. Put the file "secret" of a backup/))
})
