import type { ProcessState } from '@baton/contract'
import { expect, test } from 'vitest'
import { OperatorError, systemClock } from '../kernel/index.ts'
import { type ChildSpec, keepAlive } from './child.ts'

const sayReady = `process.send({ kind: 'ready', address: process.env.ADDRESS, firstRunToken: null });`
const script = (code: string): ChildSpec => ({
  name: 'worker',
  command: process.execPath,
  args: ['-e', code],
  env: (restarts) => ({ ADDRESS: `start ${restarts}` }),
  output: () => 'inherit',
  stopWithinMs: 5_000,
})

/** A child and a way to wait until its story reaches a state. */
const watched = (spec: ChildSpec) => {
  const story: { state: ProcessState; why: string }[] = []
  const waiting = new Set<() => void>()
  const child = keepAlive(spec, systemClock, {
    changed: (state, why) => {
      story.push({ state, why })
      for (const look of waiting) look()
    },
    said: () => {},
  })
  const until = (holds: (state: ProcessState) => boolean) =>
    new Promise<ProcessState>((resolve) => {
      const look = () => {
        const found = story.find(({ state }) => holds(state))
        if (found === undefined) return
        waiting.delete(look)
        resolve(found.state)
      }
      waiting.add(look)
      look()
    })
  return { child, story, until }
}

test('a killed child starts again by itself, and stops in good order', async () => {
  const { child, story, until } = watched(
    script(`process.on('SIGTERM', () => process.exit(0)); ${sayReady} setInterval(() => {}, 1000)`),
  )
  const { address } = await child.ready
  expect(address).toBe('start 0')
  process.kill(child.state().pid ?? 0, 'SIGKILL')
  const back = await until(({ state, restarts }) => state === 'running' && restarts === 1)
  expect(back.pid).not.toBe(story[0]?.state.pid)
  expect(story.map(({ why }) => why)).toContain('was ended by SIGKILL; it starts again in 0.1 s')
  await child.stop()
  expect(story.at(-1)).toMatchObject({ state: { state: 'stopped' }, why: 'ended with code 0' })
})

test('a child that refuses to start for a reason says it', async () => {
  const { child } = watched(
    script(`process.send({ kind: 'refused', reason: 'Free port 4400.' }); setInterval(() => {}, 1000)`),
  )
  await expect(child.ready).rejects.toThrow(new OperatorError('Free port 4400.'))
  await child.stop()
})

test('a child that ignores the request to stop is killed', async () => {
  const { child, story } = watched({
    ...script(`process.on('SIGTERM', () => {}); ${sayReady} setInterval(() => {}, 1000)`),
    stopWithinMs: 50,
  })
  await child.ready
  await child.stop()
  expect(story.at(-1)?.why).toBe('was ended by SIGKILL')
})
