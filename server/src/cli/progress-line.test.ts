import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { progressLine } from './progress-line.ts'

const written = (isTTY: boolean) => {
  const parts: string[] = []
  const out = { isTTY, columns: 40, write: (part: string) => parts.push(part) > 0 }
  const line = progressLine({ max: 100 }, out)
  line.start('Reading')
  for (let step = 0; step < 100; step += 5) line.advance(5, `${step + 5} rows`)
  line.stop('Imported')
  return parts.join('')
}

test('in a terminal one line is written over and never wraps', () => {
  const lines = written(true).split('\r\u001b[K')
  expect(lines.at(-1)).toBe('  Imported\n')
  for (const line of lines.slice(0, -1)) {
    expect(line.length).toBeLessThan(40)
    expect(line).not.toContain('\n')
  }
})

test('elsewhere there is a plain line for each tenth', () => {
  const lines = written(false).split('\n')
  expect(lines.slice(0, 3)).toEqual(['  Reading', '  10 %  10 rows', '  20 %  20 rows'])
  expect(lines.slice(-3)).toEqual(['  100 %  100 rows', '  Imported', ''])
  expect(lines).toHaveLength(13)
})

test('what stands on standard input stays for who comes after', async () => {
  const file = pathToFileURL(join(import.meta.dirname, 'progress-line.ts')).href
  const script = `const { progressLine } = await import('${file}'); const bar = progressLine({ max: 2 })
    bar.start('Reading'); bar.advance(1, 'half'); await new Promise((done) => setImmediate(done)); bar.stop('Done')`
  const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1"; cat', process.execPath, script], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  shell.stdin.end('first\nsecond\nthird\n')
  let said = ''
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await once(shell, 'close')
  expect(said).toBe('first\nsecond\nthird\n')
})
