import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainBody } from './plain-body.ts'

const mostBytes = 64 * 1024

describe('the plain bytes of a body', () => {
  test('are those that were sent, gzip or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        const body = Buffer.from(text)
        expect(await plainBody(body, mostBytes)).toEqual({ kind: 'plain', body })
        expect(await plainBody(gzipSync(body), mostBytes)).toEqual({ kind: 'plain', body })
      }),
    )
  })

  test('may be as many as the limit says and not one more', async () => {
    const body = Buffer.alloc(mostBytes, 'x')
    expect(await plainBody(gzipSync(body), mostBytes)).toEqual({ kind: 'plain', body })
    expect(await plainBody(gzipSync(body), mostBytes - 1)).toEqual({ kind: 'too-large' })
  })

  test('of a gzip bomb are not unpacked past the limit: that its end is damaged is never seen', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const damagedAtItsEnd = Buffer.concat([bomb.subarray(0, -8), Buffer.alloc(8)])
    expect(await plainBody(bomb, mostBytes)).toEqual({ kind: 'too-large' })
    expect(await plainBody(damagedAtItsEnd, mostBytes)).toEqual({ kind: 'too-large' })
    expect(await plainBody(damagedAtItsEnd, 128 * 1024 * 1024)).toEqual({ kind: 'not-unzipped' })
  })

  test('can’t be told of what was cut off anywhere after its first two bytes', async () => {
    const whole = gzipSync('{"event":"Order Completed","userId":"u-1"}')
    for (let end = 2; end < whole.length; end += 1)
      expect([end, await plainBody(whole.subarray(0, end), mostBytes)]).toEqual([end, { kind: 'not-unzipped' }])
    expect(await plainBody(Buffer.concat([whole, Buffer.from('{}')]), mostBytes)).toEqual({ kind: 'not-unzipped' })
  })
})
