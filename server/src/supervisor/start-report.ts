/** What a finished start says, once. */
export interface StartReport {
  readonly version: string
  readonly address: string
  readonly firstRunToken: string | null
  readonly runs: readonly string[]
  readonly dataFolder: string
  readonly freeBytes: number | null
  readonly tookMs: number
  /** Set when the pages could not be built. */
  readonly consoleProblem: string | null
}

export const startReport = (report: StartReport): string => {
  const rows: (readonly [string, string])[] = [['Console', report.address]]
  if (report.firstRunToken !== null) {
    rows.push(['Token', `${report.firstRunToken}  (asked for once, when you make the first account)`])
  }
  rows.push(
    ['API docs', `${report.address}/docs`],
    ['Runs', report.runs.join(', ')],
    [
      'Data',
      `${report.dataFolder}${report.freeBytes === null ? '' : ` (${gigabytes(report.freeBytes)} GB free on its disk)`}`,
    ],
    ['Logs', `${report.dataFolder}/logs`],
    ['Stop', 'Ctrl-C; started again, it goes on where it was'],
  )
  const width = Math.max(...rows.map(([title]) => title.length))
  const problem =
    report.consoleProblem === null
      ? []
      : ['', '  The console could not be built; the API works without it:', ...indented(report.consoleProblem)]
  return [
    '',
    `  Baton ${report.version} is ready after ${(report.tookMs / 1000).toFixed(1)} s.`,
    '',
    ...rows.map(([title, text]) => `  ${title.padEnd(width)}  ${text}`),
    ...problem,
    '',
  ].join('\n')
}

const gigabytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(bytes < 10 * 1024 ** 3 ? 1 : 0)
const indented = (text: string): string[] => text.split('\n').map((line) => `    ${line}`)
