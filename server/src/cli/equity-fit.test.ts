import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { equityFit, registerEquityFit } from './equity-fit.ts'

const folder = mkdtempSync(join(tmpdir(), 'equity-fit-'))
const file = join(folder, 'purchases.csv')
const options = {
  file,
  customer: 'who',
  date: 'when',
  value: 'paid',
  unit: 'week',
  calibrationEnd: '2024-06-30',
} as const

beforeAll(() => {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const months = [1, 1 + (i % 5), 2 + (i % 7), 3 + (i % 9)].slice(0, 1 + (i % 4))
    return months.map((month) => `c${i},2024-${String(month).padStart(2, '0')}-${10 + (i % 15)},${10 + (i % 13)}.50`)
  })
  writeFileSync(file, ['who,when,paid', ...rows.flat(), 'c1,someday,5', ''].join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('equity fit', () => {
  test('gives parameters, likelihoods, hold-out and a value for every customer, and names the row it could not read', async () => {
    const result = await equityFit(options)
    expect(result).toMatchObject({ model: 'bg-nbd', unit: 'week', customers: 60, calibrationEnd: '2024-06-30' })
    expect(Object.keys(result.parameters)).toEqual(['r', 'alpha', 'a', 'b'])
    expect(result.spend).toMatchObject({
      p: expect.any(Number),
      q: expect.any(Number),
      gamma: expect.any(Number),
      logLikelihood: expect.any(Number),
    })
    expect(result.holdout).toMatchObject({ actual: expect.any(Number), expected: expect.any(Number) })
    expect(result.customerValues).toHaveLength(60)
    expect(result.rows).toMatchObject({ unread: 1, unreadByReason: { 'bad-date': { count: 1 } } })
  })

  test('prints one line of JSON through the command line', async () => {
    const program = new Command()
    registerEquityFit(program)
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    await program.parseAsync(
      [
        'equity',
        'fit',
        '--file',
        file,
        '--customer',
        'who',
        '--date',
        'when',
        '--value',
        'paid',
        '--unit',
        'day',
        '--json',
      ],
      { from: 'user' },
    )
    const printed = String(write.mock.calls[0]?.[0])
    write.mockRestore()
    expect(JSON.parse(printed)).toMatchObject({ unit: 'day', customers: 60, holdout: null })
    expect(printed.trim()).not.toContain('\n')
  })

  test('reads its files from where the user stands, as every command does', async () => {
    writeFileSync(join(folder, 'ids.txt'), 'c1\nc2\nc3\n')
    vi.stubEnv('INIT_CWD', folder)
    const result = await equityFit({ ...options, file: 'purchases.csv', ids: 'ids.txt' })
    vi.unstubAllEnvs()
    expect(result.customers).toBe(3)
  })

  test.each([
    [{ file: join(folder, 'none.csv') }, /Can't read .*none.csv/],
    [{ calibrationEnd: 'soon' }, /"soon" is not a date. Write it as/],
    [{ calibrationEnd: '2020-01-01' }, /no customer with a purchase in the calibration period/],
    [{ value: 'price' }, /no value column "price".*who, when, paid/],
  ])('%j is refused with what to do', async (override, message) => {
    await expect(equityFit({ ...options, ...override })).rejects.toThrow(message)
  })
})
