import { describe, expect, test } from 'vitest'
import { judge, overallState, type Readings, type StageReading, stageState } from './judge.ts'

const at = Date.UTC(2026, 10, 21, 12)
const calm: Readings = {
  at,
  engines: [
    {
      name: 'postgres',
      state: 'ok',
      version: '18.4',
      kind: 'embedded',
      answeredInMs: 1,
      reason: null,
      awaySince: null,
    },
    {
      name: 'clickhouse',
      state: 'ok',
      version: '26.7',
      kind: 'server',
      answeredInMs: 1,
      reason: null,
      awaySince: null,
    },
  ],
  processes: [{ name: 'worker', state: 'running', pid: 7, restarts: 0, since: at - 1000 }],
  liveWorkers: 1,
  stages: [],
  ledger: { planned: 5, accounted: 4, onTheirWay: 1, difference: 0 },
  disk: null,
  longWrites: [],
}
const stage: StageReading = {
  stage: 'people',
  lane: 'live',
  lagMs: 0,
  eventsBehind: 0,
  updatedAt: at,
  failures: 0,
  lastFailure: null,
  lastFailureAt: null,
  quarantinedItems: 0,
  lastQuarantined: null,
}

describe('what the operations page calls wrong', () => {
  test('nothing, when all is well', () => {
    expect(judge(calm)).toEqual([])
    expect(overallState([], calm.processes)).toBe('ok')
  })

  test('a quiet stage is well however long ago it last had something to do', () => {
    expect(stageState({ ...stage, updatedAt: 0 }, at)).toBe('ok')
  })

  test('a live stage is late after 2 s and failed when it has not moved for 10 s', () => {
    expect(stageState({ ...stage, lagMs: 2_000 }, at)).toBe('ok')
    expect(stageState({ ...stage, lagMs: 2_001 }, at)).toBe('late')
    expect(stageState({ ...stage, lagMs: 60_000, updatedAt: at - 9_000 }, at)).toBe('late')
    expect(stageState({ ...stage, lagMs: 60_000, updatedAt: at - 11_000 }, at)).toBe('failed')
  })

  test('a long import is no problem while it moves', () => {
    const bulk: StageReading = { ...stage, lane: 'bulk', lagMs: 3_600_000 }
    expect(stageState({ ...bulk, updatedAt: at - 5_000 }, at)).toBe('ok')
    expect(stageState({ ...bulk, updatedAt: at - 61_000 }, at)).toBe('failed')
  })

  test('the engine that is down stands before the stages that wait for it', () => {
    const [engine] = calm.engines
    const problems = judge({
      ...calm,
      engines: engine === undefined ? [] : [{ ...engine, state: 'failed', reason: 'connect ECONNREFUSED' }],
      stages: [{ ...stage, lagMs: 20_000, eventsBehind: 9, updatedAt: at - 20_000, lastFailure: 'no connection' }],
    })
    expect(problems.map(({ part }) => part)).toEqual(['postgres', 'stage'])
    expect(problems[1]?.sentence).toBe('people is 20 s behind (9 events); its last turn failed: no connection')
    expect(overallState(problems, calm.processes)).toBe('failed')
  })

  test('an engine that ended is named once, since when, and that it is started again; one that hangs, that it hangs', () => {
    const [engine] = calm.engines
    const away = engine === undefined ? [] : [{ ...engine, state: 'failed' as const, awaySince: at - 4_000 }]
    const running = { name: 'PostgreSQL', state: 'running' as const, pid: 9, restarts: 0, since: at - 60_000 }
    const ended = judge({ ...calm, engines: away, processes: [{ ...running, state: 'restarting', pid: null }] })
    expect(ended).toMatchObject([{ part: 'postgres', name: 'PostgreSQL', since: at - 4_000 }])
    expect(ended[0]?.remedy).toMatch(/^Baton starts it again by itself/)
    const [hangs] = judge({ ...calm, engines: away, processes: [running] })
    expect(hangs?.remedy).toMatch(/^Its process runs but hangs/)
  })

  test('what was set aside is named for a day, with the newest reason', () => {
    const lastQuarantined = { kind: 'event' as const, item: 'm-1', reason: 'too deep', at: at - 1_000 }
    const aside = { ...stage, quarantinedItems: 2, lastQuarantined }
    expect(judge({ ...calm, stages: [aside] })[0]?.sentence).toBe(
      'people could not deal with 2 things and went on without, last with event m-1: too deep',
    )
    const older = { ...lastQuarantined, at: at - 25 * 3_600_000 }
    expect(judge({ ...calm, stages: [{ ...aside, lastQuarantined: older }] })).toEqual([])
  })

  test('a stage whose turns keep failing is named with the reason', () => {
    const failing = { ...stage, failures: 3, lastFailure: 'no such column', lastFailureAt: at - 5_000, updatedAt: null }
    expect(judge({ ...calm, stages: [failing] })).toMatchObject([
      { part: 'stage', state: 'failed', sentence: 'people keeps failing: no such column' },
    ])
    expect(judge({ ...calm, stages: [{ ...failing, updatedAt: at - 100 }] })).toEqual([])
  })

  test('a worker that holds no lease is missed, even when its process seems to run', () => {
    expect(judge({ ...calm, liveWorkers: 0 }).map(({ part }) => part)).toEqual(['worker'])
  })

  test('a dead worker is named once', () => {
    const dead = { name: 'worker', state: 'restarting' as const, pid: null, restarts: 3, since: at }
    expect(judge({ ...calm, liveWorkers: 0, processes: [dead] }).map(({ part }) => part)).toEqual(['worker'])
  })

  test('a ledger that does not balance is never silent', () => {
    const ledger = { planned: 5, accounted: 3, onTheirWay: 1, difference: 1 }
    expect(judge({ ...calm, ledger })[0]?.sentence).toContain('does not balance')
  })
})
