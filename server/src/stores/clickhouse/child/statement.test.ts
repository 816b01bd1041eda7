import { expect, test } from 'vitest'
import { readStatement } from './statement.ts'

const kinds: ReadonlyArray<readonly [string, string]> = [
  ['SELECT 1', 'read'],
  ['  -- a comment\n/* and another */ select 1', 'read'],
  ['WITH x AS (SELECT 1) SELECT * FROM x', 'read'],
  ['(SELECT 1) UNION ALL (SELECT 2)', 'read'],
  ['SHOW TABLES', 'read'],
  ["select 'insert into t', `insert` from t", 'read'],
  ['INSERT INTO t SELECT 1', 'write'],
  ['INSERT INTO t VALUES (1), (2)', 'write'],
  ['INSERT INTO t FORMAT Values (1)', 'write'],
  ['CREATE TABLE t (a UInt8) ENGINE = Memory', 'write'],
  ['ALTER TABLE t DELETE WHERE a = 1', 'write'],
  ['SELECT 1; ', 'read'],
  ["SELECT ';' ; -- done", 'read'],
  ['SELECT 1; SELECT 2', 'refused'],
  ['SELECT 1; DROP TABLE t', 'refused'],
  ["SELECT 'it''s; fine', 'a\\'b;c', $x$;$x$", 'read'],
  ["SELECT 1 INTO OUTFILE '/tmp/x'", 'refused'],
  ["INSERT INTO t FROM INFILE 'x' FORMAT CSV", 'insert-data'],
  ["INSERT INTO t SELECT a FROM input('a UInt8') FORMAT CSV", 'refused'],
  ['', 'refused'],
  [' -- nothing', 'refused'],
]

test.each(kinds)('%j is %s', (sql, kind) => {
  expect(readStatement(sql).kind).toBe(kind)
})

test('what follows FORMAT of an INSERT is data, whatever it looks like', () => {
  expect(readStatement('INSERT INTO t (a, `b;c`) FORMAT JSONEachRow\n{"a":"; DROP TABLE t; \'"}')).toEqual({
    kind: 'insert-data',
    head: 'INSERT INTO t (a, `b;c`) FORMAT JSONEachRow',
    format: 'JSONEachRow',
    data: '{"a":"; DROP TABLE t; \'"}',
  })
})

test('a last semicolon is left out, so that more can be appended', () => {
  expect(readStatement("SELECT ';' ;\n")).toEqual({ kind: 'read', sql: "SELECT ';' ", placeholders: [] })
})

test('placeholders are found, look-alikes are not', () => {
  const sql =
    "SELECT {a:String}, { b : Array(UInt8) }, {'c':1}, '{d:String}', t.e::String, map('f', 1){'f'} -- {g:Int8}"
  expect(readStatement(sql)).toMatchObject({ kind: 'read', placeholders: ['a', 'b'] })
})
