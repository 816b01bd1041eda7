import { progress } from '@clack/prompts'
import { Command } from 'commander'
import { openRooms } from '../main.ts'
import { configOf, withDataOption } from './command-config.ts'
import { withEngines } from './engines-at-hand.ts'

export const rebuildCommand = (): Command =>
  withDataOption(new Command('rebuild'))
    .description('Make ClickHouse anew from the log, beside the tables in use; the server may run meanwhile')
    .action(async (options: unknown) => {
      const config = configOf(options)
      const stop = new AbortController()
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
      await withEngines(config, async (connections) => {
        const rooms = await openRooms(config, connections)
        const bar = progress({ max: 100 })
        let shown = 0
        bar.start('Reading the log')
        try {
          const outcome = await rooms.rebuild({
            signal: stop.signal,
            progress: (done, of) => {
              const share = Math.min(100, Math.floor((done / Math.max(1, of)) * 100))
              bar.advance(Math.max(0, share - shown), `${done} of ${of} events`)
              shown = Math.max(shown, share)
            },
          })
          bar.stop(
            outcome.kind === 'rebuilt'
              ? `Rebuilt: ${outcome.events} events, ${outcome.people} people`
              : 'Stopped; the same command goes on where it was',
          )
          if (outcome.kind === 'stopped') process.exitCode = 1
        } finally {
          await rooms.close()
        }
      })
    })
