import type { ProcessState } from '@baton/contract'
import { Command } from 'commander'
import type { Config } from '../config.ts'
import { OperatorError } from '../kernel/index.ts'
import { type Examination, openExamination } from '../main.ts'
import { type Finding, isAlive, readConnections, readRunning } from '../supervisor/index.ts'
import { configOf, withServerOptions } from './command-config.ts'
import { lookFromOutside, type OutsideView } from './doctor-findings.ts'
import { type Diagnosis, doctorReport, type InsideView, problemsOf } from './doctor-report.ts'
import { version } from './version.ts'

export const doctorCommand = (): Command =>
  withServerOptions(new Command('doctor'))
    .description('What runs, where, how fresh, and what is wrong')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const diagnosis = await diagnose(configOf(options))
      process.stdout.write(options.json === true ? `${JSON.stringify(diagnosis)}\n` : doctorReport(diagnosis))
      process.exitCode = diagnosis.healthy ? 0 : 1
    })

const diagnose = async (config: Config): Promise<Diagnosis> => {
  const outside = await lookFromOutside(config)
  const { findings: inside, ...seen } = await lookInside(config, outside.server)
  const findings = [...outside.findings, ...inside, ...problemsOf(seen)]
  const healthy = !findings.some(({ weight }) => weight === 'wrong')
  return { version, dataFolder: config.dataFolder, outside, ...seen, findings, healthy }
}

type Inside = InsideView & { readonly findings: readonly Finding[] }

const nothingSeen: Inside = { machine: null, workspaces: [], slowQueries: [], findings: [] }

/** Asks the engines, each for itself, where the settings or a running server say how to reach them. */
const lookInside = async (config: Config, server: OutsideView['server']): Promise<Inside> => {
  // What a killed server left behind leads to engines that ended with it.
  const known = server === null ? null : readConnections(config.dataFolder)
  const databaseUrl = config.databaseUrl ?? known?.databaseUrl ?? null
  const clickhouseUrl = config.clickhouseUrl ?? known?.clickhouseUrl ?? null
  if (databaseUrl === null && clickhouseUrl === null) return nothingSeen
  const processes = server === null ? [] : processesOf(config.dataFolder)
  const examination = openExamination(
    { ...config, databaseUrl, clickhouseUrl },
    {
      postgres: config.databaseUrl === null ? 'embedded' : 'server',
      clickhouse: config.clickhouseUrl === null ? 'embedded' : 'server',
    },
    () => ({ processes, failures: new Map() }),
  )
  try {
    const machine = await examination.machine()
    const answers = (name: 'postgres' | 'clickhouse') =>
      machine.engines.some((engine) => engine.name === name && engine.state === 'ok')
    const [workspaces, slowQueries] = await Promise.all([
      answers('postgres') && clickhouseUrl !== null ? lookAtWorkspaces(examination) : { pages: [], findings: [] },
      answers('clickhouse') ? findSlowQueries(examination) : [],
    ])
    return { machine, workspaces: workspaces.pages, slowQueries, findings: workspaces.findings }
  } finally {
    await examination.close()
  }
}

/** As the server wrote them down; one that has ended since does not run, whatever stands there. */
const processesOf = (dataFolder: string): readonly ProcessState[] =>
  (readRunning(dataFolder)?.processes ?? []).map(({ began, ...one }) =>
    isAlive({ pid: one.pid, began }) ? one : { ...one, state: 'stopped', pid: null },
  )

/** What keeps doctor from looking into the workspaces is one finding more, not the end of the diagnosis. */
const lookAtWorkspaces = async (
  examination: Examination,
): Promise<{ readonly pages: InsideView['workspaces']; readonly findings: readonly Finding[] }> => {
  try {
    const seen = await examination.workspaces()
    return {
      pages: seen.map(({ workspace: { name, workspaceId }, page }) => ({ name, workspaceId, page })),
      findings: [],
    }
  } catch (error) {
    return { pages: [], findings: [findingOf(error)] }
  }
}

/** An OperatorError says what is wrong in its first sentence and what to do in the rest. */
const findingOf = (error: unknown): Finding => {
  if (!(error instanceof OperatorError))
    return {
      what: `The workspaces could not be read: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Ask again; if it stays so, look at logs/api.log of the data folder and report it.',
      weight: 'wrong',
    }
  const [, what = error.message, remedy = 'Mend that, then ask again.'] = /^(.*?)\. (.*)$/s.exec(error.message) ?? []
  return { what, remedy, weight: 'wrong' }
}

const slowMs = 1_000
const mostSlowQueries = 5

/** The slowest of the queries that ClickHouse still remembers. */
const findSlowQueries = async (examination: Examination): Promise<InsideView['slowQueries']> => {
  const recent = await examination.recentQueries().catch(() => null)
  return (recent?.queries ?? [])
    .filter(({ ranMs, waitedMs }) => ranMs + waitedMs >= slowMs)
    .toSorted((a, b) => b.ranMs + b.waitedMs - a.ranMs - a.waitedMs)
    .slice(0, mostSlowQueries)
}
