import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openTableWriter, readTable } from './archive.ts'

test('a table whose last rows had to wait is closed, and whoever waited goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-archive-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const writer = openTableWriter(folder, 'person')
  const chunk = Buffer.alloc(100_000, 'row\n')
  const waits = Array.from({ length: 5 }, () => writer.write(chunk))
  expect(waits.every((wait) => wait !== null)).toBe(true)
  const { bytes, sha256 } = await writer.close()
  await Promise.all(waits)
  const pieces: Buffer[] = []
  for await (const piece of readTable(folder, { name: 'person', kind: 'global', columns: [], rows: 0, bytes, sha256 }))
    pieces.push(piece)
  expect(Buffer.concat(pieces).length).toBe(500_000)
})
