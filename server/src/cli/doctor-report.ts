import type { Operations, PartState, SetAsideState } from '@baton/contract'
import { engineTitles } from '../operations/index.ts'
import type { RecentQueries } from '../stores/index.ts'
import type { Finding } from '../supervisor/index.ts'
import type { OutsideView } from './doctor-findings.ts'

/** What can be asked of engines that run. */
export interface InsideView {
  /** Engines, processes and disk; null when nobody says how to reach an engine, because no server runs. */
  readonly machine: Pick<Operations, 'problems' | 'engines' | 'processes' | 'workers' | 'disk'> | null
  /** By workspace; empty when PostgreSQL could not be asked. */
  readonly workspaces: readonly { readonly name: string; readonly workspaceId: string; readonly page: Operations }[]
  /** Of those that ClickHouse remembers, slowest first; empty when it is not ours or away. */
  readonly slowQueries: RecentQueries['queries']
}

/** Everything doctor found, as `--json` prints it. */
export interface Diagnosis extends InsideView {
  readonly version: string
  readonly dataFolder: string
  readonly outside: OutsideView
  /** Everything that is wrong or worth knowing, as the report ends with it. */
  readonly findings: readonly Finding[]
  readonly healthy: boolean
}

const marks: Readonly<Record<PartState, string>> = { ok: '✓', starting: '…', late: '!', failed: '✗' }

/** The diagnosis in words, what is wrong last, where one looks. */
export const doctorReport = (diagnosis: Diagnosis): string => {
  const { outside, machine, workspaces, slowQueries, findings } = diagnosis
  const { server } = outside
  const lines = [
    '',
    `  Baton ${diagnosis.version}, data in ${diagnosis.dataFolder}`,
    server === null
      ? outside.apiAt === null
        ? '  – no server runs on this folder'
        : `  ${marks.ok} api at ${outside.apiAt}`
      : `  ${outside.answers === true ? marks.ok : marks.failed} server process ${server.pid}${server.address === null ? '' : ` at ${server.address}`}`,
    ...enginesNotAsked(machine),
    ...(machine === null ? [] : machineLines(machine)),
    ...workspaces.flatMap(({ name, page }) => workspaceLines(name, page)),
    ...slowQueryLines(slowQueries),
  ]
  lines.push('')
  if (findings.length === 0) lines.push('  Nothing is wrong.')
  for (const { weight, what, remedy } of findings) {
    lines.push(`  ${weight === 'wrong' ? marks.failed : marks.late} ${what}.`, `    ${remedy}`)
  }
  return [...lines, ''].join('\n')
}

/** The same problem seen from several workspaces is said once. */
export const problemsOf = ({ machine, workspaces }: Pick<InsideView, 'machine' | 'workspaces'>): readonly Finding[] => {
  const all = [
    ...(machine?.problems ?? []).map((problem) => ({ problem, where: '' })),
    ...workspaces.flatMap(({ name, page }) =>
      page.problems.map((problem) => ({
        problem,
        where: ['stage', 'ledger'].includes(problem.part) ? `${name}: ` : '',
      })),
    ),
  ]
  const said = new Map<string, Finding>()
  for (const { problem, where } of all) {
    const what = `${where}${problem.sentence}`
    said.set(what, { what, remedy: problem.remedy, weight: problem.state === 'failed' ? 'wrong' : 'note' })
  }
  return [...said.values()]
}

/** An embedded engine runs, and can be found, while the server does. */
const enginesNotAsked = (machine: InsideView['machine']): string[] =>
  (['postgres', 'clickhouse'] as const)
    .filter((name) => !(machine?.engines ?? []).some((engine) => engine.name === name))
    .map((name) => `  – ${engineTitles[name]} (embedded) starts and stops with the server`)

const machineLines = ({ engines, processes, workers, disk }: NonNullable<InsideView['machine']>): string[] => {
  const isPostgresThere = engines.some(({ name, state }) => name === 'postgres' && state === 'ok')
  return [
    ...engines.map(
      ({ name, state, kind, version, answeredInMs }) =>
        `  ${marks[state]} ${engineTitles[name]}${version === null ? '' : ` ${version}`} (${kind}, ${answeredInMs === null ? 'does not answer' : `answered in ${answeredInMs} ms`})`,
    ),
    ...processes.map(
      ({ name, state, pid, restarts }) =>
        `  ${marks[state === 'running' ? 'ok' : state === 'starting' ? 'starting' : 'failed']} ${name} ${state}${pid === null ? '' : `, process ${pid}`}${restarts === 0 ? '' : `, restarted ${restarts} times`}`,
    ),
    ...(isPostgresThere
      ? [
          `  ${workers.length > 0 ? marks.ok : marks.failed} ${workers.length === 1 ? '1 worker holds' : `${workers.length} workers hold`} the work`,
        ]
      : ['  – who holds the work, how fresh the stages are and what was set aside is known to PostgreSQL only']),
    ...(disk === null ? [] : [diskLine(disk, isPostgresThere)]),
  ]
}

const diskLine = (disk: NonNullable<Operations['disk']>, isDedupKnown: boolean): string => {
  const free = `  ${marks.ok} disk: ${gigabytes(disk.freeBytes)} of ${gigabytes(disk.totalBytes)} GB free`
  if (!isDedupKnown) return free
  const room =
    disk.dedupHorizonDays === null ? '' : `, room for ${Math.min(disk.dedupHorizonDays, 9_999)} days at this rate`
  return `${free}; message ids are remembered in ${gigabytes(disk.dedupBytes)} GB${room}`
}

const workspaceLines = (name: string, { stages, ledger, setAside }: Operations): string[] => [
  '',
  `  ${name}`,
  ...table([
    ['', 'stage', 'lane', 'position', 'behind', 'lag', 'handled'],
    ...stages.map((stage) => [
      marks[stage.state],
      stage.stage,
      stage.lane,
      String(stage.position),
      String(stage.eventsBehind),
      stage.lagMs === 0 ? '–' : `${(stage.lagMs / 1000).toFixed(1)} s`,
      String(stage.handled),
    ]),
  ]),
  ...(ledger === null
    ? []
    : [
        `    ledger: ${ledger.planned} planned = ${ledger.accounted} accounted for + ${ledger.onTheirWay} on their way${ledger.difference === 0 ? '' : ` (${ledger.difference} missing!)`}`,
      ]),
  ...(setAside === null ? [] : setAsideLines(setAside)),
]

const setAsideLines = ({ events, countedUpTo, reasons }: SetAsideState): string[] =>
  events === 0
    ? []
    : [
        `    set aside: ${events === countedUpTo ? `the newest ${events} events and maybe more` : count(events, 'event')}, because`,
        ...reasons.map(
          (each) =>
            `      ${each.reason} (${count(each.events, 'event')}, newest ${new Date(each.newestAt).toISOString()}): ${each.explanation}`,
        ),
        '      Each stands with its bytes on the page Live events, filter "set aside".',
      ]

const slowQueryLines = (queries: InsideView['slowQueries']): string[] =>
  queries.length === 0
    ? []
    : [
        '',
        '  Slowest of the queries ClickHouse remembers',
        ...queries.map(
          ({ ranMs, waitedMs, readRows, readBytes, pool, sql }) =>
            `    ${seconds(ranMs)} s${waitedMs < 100 ? '' : ` after waiting ${seconds(waitedMs)} s`}, ${readRows} rows and ${Math.round(readBytes / 1024 ** 2)} MB read, ${pool}: ${sql.replaceAll(/\s+/g, ' ').trim().slice(0, 100)}`,
        ),
      ]

const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => `    ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}

const gigabytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1)

const seconds = (ms: number): string => (ms / 1000).toFixed(1)

const count = (many: number, one: string): string => `${many} ${one}${many === 1 ? '' : 's'}`
