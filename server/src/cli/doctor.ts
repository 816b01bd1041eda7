import { Command } from 'commander'
import type { Config } from '../config.ts'
import { openOperations } from '../main.ts'
import { readConnections, readRunning, readSecret } from '../supervisor/index.ts'
import { configOf, withListenOptions } from './command-config.ts'
import { lookFromOutside } from './doctor-findings.ts'
import { type Diagnosis, doctorReport, problemsOf } from './doctor-report.ts'
import { version } from './version.ts'

export const doctorCommand = (): Command =>
  withListenOptions(new Command('doctor'))
    .description('What runs, where, how fresh, and what is wrong')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const diagnosis = await diagnose(configOf(options))
      process.stdout.write(options.json === true ? `${JSON.stringify(diagnosis)}\n` : doctorReport(diagnosis))
      process.exitCode = diagnosis.healthy ? 0 : 1
    })

const diagnose = async (config: Config): Promise<Diagnosis> => {
  const outside = await lookFromOutside(config)
  const inside = await lookInside(config)
  const wrong = [...outside.findings, ...problemsOf(inside)].some(({ weight }) => weight === 'wrong')
  return { version, dataFolder: config.dataFolder, outside, ...inside, healthy: !wrong }
}

/** Asks the engines, where a running server or the settings say how to reach them. */
const lookInside = async (config: Config): Promise<Pick<Diagnosis, 'workspaces' | 'machine'>> => {
  const known = readConnections(config.dataFolder)
  const databaseUrl = config.databaseUrl ?? known?.databaseUrl ?? null
  const clickhouseUrl = config.clickhouseUrl ?? known?.clickhouseUrl ?? null
  if (databaseUrl === null || clickhouseUrl === null) return { workspaces: [], machine: null }
  const opened = await openOperations(
    { ...config, databaseUrl, clickhouseUrl, secret: config.secret ?? readSecret(config.dataFolder) },
    {
      postgres: config.databaseUrl === null ? 'embedded' : 'server',
      clickhouse: config.clickhouseUrl === null ? 'embedded' : 'server',
    },
    () => ({
      processes: readRunning(config.dataFolder)?.processes ?? [],
      failures: new Map(),
    }),
  )
  try {
    const machine = await opened.operations.lookAtMachine()
    const workspaces = await opened.workspaces()
    const pages = await Promise.all(
      workspaces.map(async ({ name, workspaceId }) => ({
        name,
        workspaceId,
        page: await opened.operations.look(workspaceId),
      })),
    )
    return { workspaces: pages, machine }
  } finally {
    await opened.close()
  }
}
