import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

/** A long-lived process that says when it works and when it stops, and stops when its input ends. */
const script = `
const { runUntilStopped } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'child-process.ts')).href)})
const say = (line) => process.stdout.write(line + '\\n')
await runUntilStopped(async () => {
  const timer = setInterval(() => {}, 1000)
  setImmediate(() => say('works'))
  return {
    stop: async () => {
      say('stops')
      for await (const _ of process.stdin);
      clearInterval(timer)
    },
  }
})`

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a process that is stopping by %s goes on to its end when the signal comes again',
  async (signal) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    child.stdout.setEncoding('utf8')
    const says = async (line: string): Promise<void> => {
      const [text] = await once(child.stdout, 'data')
      expect(text).toBe(`${line}\n`)
    }
    await says('works')
    child.kill(signal)
    await says('stops')
    child.kill(signal)
    child.kill(signal)
    child.stdin.end()
    const [code, endedBy] = await once(child, 'exit')
    expect([code, endedBy]).toEqual([0, null])
  },
)
