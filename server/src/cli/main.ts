import { Command } from 'commander'
import { OperatorError } from '../kernel/index.ts'
import { apiCommand } from './api.ts'
import { backupCommand } from './backup.ts'
import { doctorCommand } from './doctor.ts'
import { registerEquityFit } from './equity-fit.ts'
import { importCommand } from './import.ts'
import { keyCommand } from './key.ts'
import { migrateCommand } from './migrate.ts'
import { rebuildCommand } from './rebuild.ts'
import { restoreCommand } from './restore.ts'
import { demoCommand, startCommand } from './start.ts'
import { version } from './version.ts'
import { workerCommand } from './worker.ts'

// Days, windows and time-zone arithmetic are computed from UTC, whatever the machine is set to.
process.env.TZ = 'UTC'

// Whoever read what is said may have gone (a closed terminal, `| head`): the saying is lost, the work goes on to its end.
// A server goes on whatever becomes of its words; a command whose result a full disk refused must not seem to have worked.
const isServer = ['start', 'demo', 'api', 'worker'].includes(process.argv[2] ?? '')
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!isServer && error.code !== 'EPIPE' && error.code !== 'EIO') throw error
  })

const program = new Command('baton')
  .description('Engagement your customers asked for, and what it is worth.')
  .version(version)
  .showHelpAfterError('(see: npm run baton -- --help)')

const commands = [
  startCommand,
  demoCommand,
  apiCommand,
  workerCommand,
  doctorCommand,
  keyCommand,
  importCommand,
  backupCommand,
  restoreCommand,
  rebuildCommand,
  migrateCommand,
]
for (const command of commands) program.addCommand(command())
registerEquityFit(program)

try {
  await program.parseAsync(process.argv.slice(2), { from: 'user' })
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`)
  process.exit(1)
}

/** What the operator can mend is said in a sentence; a bug of ours with where it happened. */
function describeFailure(error: unknown): string {
  if (error instanceof OperatorError) return `\n  ${error.message.replaceAll('\n', '\n  ')}\n`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
