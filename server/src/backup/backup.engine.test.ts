import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testStores } from '../../../tests/harness/stores.ts'
import { takeBackup } from './backup.ts'
import { restoreBackup } from './restore.ts'

const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-backup-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'backup')
}
const first = '01a00000-0000-7000-8000-000000000001'
const second = '01a00000-0000-7000-8000-000000000002'

const source = async () => {
  const stores = await testStores()
  await stores.admin(`insert into "user" select u.* from jsonb_populate_record(null::"user", $1) u`, [
    {
      id: first,
      name: 'Ann',
      email: 'ann@example.com',
      emailVerified: true,
      createdAt: '2026-01-01',
      updatedAt: '2026-01-01',
    },
  ])
  await stores.admin(`insert into account select a.* from jsonb_populate_record(null::account, $1) a`, [
    {
      id: second,
      userId: first,
      accountId: first,
      providerId: 'credential',
      createdAt: '2026-01-01',
      updatedAt: '2026-01-01',
    },
  ])
  for (const id of [first, second]) {
    await stores.admin(
      `insert into workspace (workspace_id, name, currency, time_zone, created_at) values ($1, 'Shop "&\\t', 'EUR', 'UTC', 1)`,
      [id],
    )
    await stores.admin(`insert into subject values ($1, $1, $1, 7)`, [id])
    await stores.admin(
      `insert into profile (workspace_id, subject_id, traits, trait_times, updated_at) values ($1, $1, $2, '{}', 1)`,
      [id, '{"name": "Zoë\\n\\\\N", "large": 9007199254740993}'],
    )
    await stores.admin(
      `insert into log_batch (workspace_id, lane, stored_on, received_at, event_count, payload)
       values ($1, 'live', '2026-03-01', 1, 1, $2)`,
      [id, Buffer.from([0, 1, 2, 255, 10, 13, 92])],
    )
  }
  return stores
}

describe('a backup', () => {
  test('brings back every row of every workspace, with a new epoch of the log', async () => {
    const from = await source()
    const folder = freshFolder()
    const manifest = await takeBackup({ ownerUrl: from.ownerUrl, folder, version: '0', at: 0, secret: 'x' })
    const counts = Object.fromEntries(manifest.tables.map(({ name, rows }) => [name, rows]))
    expect(counts).toMatchObject({ workspace: 2, subject: 2, profile: 2, log_batch: 2 })

    const to = await testStores()
    await restoreBackup({ ...to, folder, at: 0 })
    for (const sql of [
      'select * from workspace order by 1',
      'select * from subject order by 1',
      'select * from account order by 1',
      'select subject_id, traits::text, trait_times::text from profile order by 1',
      'select * from log_batch order by 1',
    ])
      expect(await to.admin(sql)).toEqual(await from.admin(sql))
    const [before] = await from.admin<{ epoch: string }>('select epoch from log_epoch')
    const [after] = await to.admin<{ epoch: string }>('select epoch from log_epoch')
    expect(Number(after?.epoch)).toBe(Number(before?.epoch) + 1)
    const walls = await to.admin(
      `select relname from pg_class join table_kind on relname = name where kind = 'workspace' and not relforcerowsecurity`,
    )
    expect(walls).toEqual([])
  })

  test('that was damaged is refused whole', async () => {
    const from = await source()
    const folder = freshFolder()
    const manifest = await takeBackup({ ownerUrl: from.ownerUrl, folder, version: '0', at: 0, secret: null })
    const lying = manifest.tables.map((table) =>
      table.name === 'subject'
        ? { ...table, sha256: table.sha256.replace(/^./, (c) => (c === '0' ? '1' : '0')) }
        : table,
    )
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, tables: lying }))
    const to = await testStores()
    await expect(restoreBackup({ ...to, folder, at: 0 })).rejects.toThrow(/subject.copy.gz is damaged/)
    expect(await to.admin('select 1 from workspace')).toEqual([])
  })

  test('goes only into an installation that holds nothing, and only from a finished backup', async () => {
    const from = await source()
    const folder = freshFolder()
    await takeBackup({ ownerUrl: from.ownerUrl, folder, version: '0', at: 0, secret: null })
    await expect(restoreBackup({ ...from, folder, at: 0 })).rejects.toThrow(/holds workspaces already/)
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).format).toBe(1)
    rmSync(join(folder, 'manifest.json'))
    await expect(restoreBackup({ ...from, folder, at: 0 })).rejects.toThrow(/did not finish/)
  })

  test('comes with every kill switch on, in the same transaction, remembers which were off, and that it may lag behind the original', async () => {
    const from = await source()
    await from.admin(`insert into policy_setting values ($1, '{"killSwitch": true, "caps": []}', 5, 'user:ann')`, [
      second,
    ])
    const folder = freshFolder()
    await takeBackup({ ownerUrl: from.ownerUrl, folder, version: '0', at: 4, secret: null })
    const to = await testStores()
    const held = () => to.admin('select workspace_id as id, turned_on as "turnedOn" from restore_hold order by 1')
    const both = [
      { id: first, turnedOn: true },
      { id: second, turnedOn: false },
    ]
    const failing = restoreBackup({
      ...to,
      folder,
      at: 9,
      beforeCommit: () => {
        throw new Error('the disk is full')
      },
    })
    await expect(failing).rejects.toThrow('the disk is full')
    expect(await to.admin('select 1 from workspace')).toEqual([])
    expect(await held()).toEqual([])

    await restoreBackup({ ...to, folder, at: 9 })
    expect(await to.admin('select workspace_id as id, settings from policy_setting order by 1')).toEqual([
      { id: first, settings: { killSwitch: true } },
      { id: second, settings: { killSwitch: true, caps: [] } },
    ])
    expect(await held()).toEqual(both)
    const doubts = 'select workspace_id as id, since::int, until from restore_doubt order by 1'
    expect(await to.admin(doubts)).toEqual([first, second].map((id) => ({ id, since: 4, until: null })))
    expect(await to.admin('select workspace_id as id, actor, action from audit_entry')).toEqual([
      { id: first, actor: 'system', action: 'policy.changed' },
    ])
    await expect(restoreBackup({ ...to, folder, at: 10 })).rejects.toThrow(/--confirm-sending/)

    // A copy of a copy that was not confirmed waits for the same workspaces.
    const again = freshFolder()
    await takeBackup({ ...to, folder: again, version: '0', at: 8, secret: null })
    const third = await testStores()
    await restoreBackup({ ...third, folder: again, at: 11 })
    expect(
      await third.admin('select workspace_id as id, turned_on as "turnedOn" from restore_hold order by 1'),
    ).toEqual(both)
    expect(await third.admin(doubts)).toEqual([first, second].map((id) => ({ id, since: 8, until: null })))
  })
})
