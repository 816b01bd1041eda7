import { expect, test } from 'vitest'
import { pendingMigrations, statementsOf } from './migration-files.ts'

const file = (name: string, checksum = name) => ({ name, checksum, sql: '' })

test('only what has not run yet is pending, in order', () => {
  const files = [file('0001-a.sql'), file('0002-b.sql'), file('0003-c.sql')]
  expect(pendingMigrations(files, [file('0001-a.sql')], 'PostgreSQL').map(({ name }) => name)).toEqual([
    '0002-b.sql',
    '0003-c.sql',
  ])
})

test('a store ahead of this program is refused', () => {
  expect(() => pendingMigrations([file('0001-a.sql')], [file('0001-a.sql'), file('0002-b.sql')], 'PostgreSQL')).toThrow(
    /PostgreSQL has a newer schema .* 0002-b\.sql.*Start the newer version/,
  )
})

test('a file that was changed after it ran is refused', () => {
  expect(() => pendingMigrations([file('0001-a.sql', 'new')], [file('0001-a.sql', 'old')], 'ClickHouse')).toThrow(
    /0001-a\.sql was changed after it had run/,
  )
})

test('statements end with a semicolon at the end of a line, comments alone are none', () => {
  expect(
    statementsOf(
      "-- first\ncreate table a (x String default ';');\n\n-- last\ncreate table b (y Int8) -- why\n;\n-- end\n",
    ),
  ).toEqual(["-- first\ncreate table a (x String default ';')", '-- last\ncreate table b (y Int8) -- why'])
})
