import type { Operations, PartState } from '@baton/contract'
import type { Finding } from '../supervisor/index.ts'
import type { OutsideView } from './doctor-findings.ts'

/** Everything doctor found, as `--json` prints it. */
export interface Diagnosis {
  readonly version: string
  readonly dataFolder: string
  readonly outside: OutsideView
  /** By workspace; empty when the engines could not be asked. */
  readonly workspaces: readonly { readonly name: string; readonly workspaceId: string; readonly page: Operations }[]
  /** The engines alone, where there is no workspace to ask about. */
  readonly machine: Pick<Operations, 'problems' | 'engines' | 'processes' | 'workers' | 'disk'> | null
  readonly healthy: boolean
}

const marks: Readonly<Record<PartState, string>> = { ok: '✓', starting: '…', late: '!', failed: '✗' }

/** The diagnosis in words, what is wrong last, where one looks. */
export const doctorReport = (diagnosis: Diagnosis): string => {
  const { outside, machine, workspaces } = diagnosis
  const { server } = outside
  const lines = [
    '',
    `  Baton ${diagnosis.version}, data in ${diagnosis.dataFolder}`,
    server === null
      ? '  – no server runs on this folder'
      : `  ${outside.answers === true ? marks.ok : marks.failed} server process ${server.pid}${server.address === null ? '' : ` at ${server.address}`}`,
    ...(machine === null ? [] : machineLines(machine)),
    ...workspaces.flatMap(({ name, page }) => workspaceLines(name, page)),
  ]
  const problems = [...outside.findings, ...problemsOf(diagnosis)]
  lines.push('')
  if (problems.length === 0) lines.push('  Nothing is wrong.')
  for (const { weight, what, remedy } of problems) {
    lines.push(`  ${weight === 'wrong' ? marks.failed : marks.late} ${what}.`, `    ${remedy}`)
  }
  return [...lines, ''].join('\n')
}

/** The same problem seen from several workspaces is said once. */
export const problemsOf = ({ machine, workspaces }: Pick<Diagnosis, 'machine' | 'workspaces'>): readonly Finding[] => {
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

const machineLines = ({ engines, processes, workers, disk }: NonNullable<Diagnosis['machine']>): string[] => [
  ...engines.map(
    ({ name, state, kind, version, answeredInMs }) =>
      `  ${marks[state]} ${name}${version === null ? '' : ` ${version}`} (${kind}${answeredInMs === null ? '' : `, answered in ${answeredInMs} ms`})`,
  ),
  ...processes.map(
    ({ name, state, pid, restarts }) =>
      `  ${marks[state === 'running' ? 'ok' : state === 'starting' ? 'starting' : 'failed']} ${name} ${state}${pid === null ? '' : `, process ${pid}`}${restarts === 0 ? '' : `, restarted ${restarts} times`}`,
  ),
  `  ${workers.length > 0 ? marks.ok : marks.failed} ${workers.length === 1 ? '1 worker holds' : `${workers.length} workers hold`} the work`,
  ...(disk === null
    ? []
    : [
        `  ${marks.ok} disk: ${gigabytes(disk.freeBytes)} of ${gigabytes(disk.totalBytes)} GB free; message ids are remembered in ${gigabytes(disk.dedupBytes)} GB` +
          (disk.dedupHorizonDays === null
            ? ''
            : `, room for ${Math.min(disk.dedupHorizonDays, 9_999)} days at this rate`),
      ]),
]

const workspaceLines = (name: string, { stages, ledger }: Operations): string[] => [
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
]

const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => `    ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}

const gigabytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1)
