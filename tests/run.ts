/**
 * Runs what a newcomer runs and what CI runs: `node tests/run.ts [--long] check unit engine system faults console`.
 * Ends with one plain line, `N passed, N failed, N skipped`, over all parts; exit code 1 when something failed.
 */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const root = join(import.meta.dirname, '..')
const bin = (name: string): string => join(root, 'node_modules', '.bin', name)

const run = (command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): number => {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TZ: 'UTC', ...env },
  })
  if (error !== undefined) process.stderr.write(`${command}: ${error.message}\n`)
  return status ?? 1
}

/** Each of these counts as one test. */
const checks: readonly (readonly [what: string, command: string, args: readonly string[]])[] = [
  ['format and lint', bin('biome'), ['ci', '--colors=off', '--max-diagnostics=50']],
  ['types of server, contract and tests', bin('tsc'), ['-p', 'tsconfig.json']],
  ['types of the console', bin('tsc'), ['-p', 'console/tsconfig.json', '--noEmit']],
  ['nothing unused', bin('knip'), ['--no-progress']],
]

/** All at once, each with what it said when it is done. */
const runChecks = async (): Promise<Counts> => {
  const outcomes = await Promise.all(
    checks.map(([what, command, args]) =>
      promisify(execFile)(command, [...args], {
        cwd: root,
        env: { ...process.env, TZ: 'UTC' },
        maxBuffer: 64 * 2 ** 20,
      }).then(
        ({ stdout, stderr }) => say(what, `${stdout}${stderr}`, true),
        (error: { stdout?: string; stderr?: string; message: string }) =>
          say(what, `${error.stdout ?? ''}${error.stderr || error.message}\n`, false),
      ),
    ),
  )
  const failed = outcomes.filter((isMet) => !isMet).length
  return { passed: checks.length - failed, failed, skipped: 0 }
}

const say = (what: string, output: string, isMet: boolean): boolean => {
  process.stdout.write(`\n── ${what}\n${output}${isMet ? '' : `failed: ${what}\n`}`)
  return isMet
}

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
})

const runProject = (project: string, long: boolean): Counts => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-test-report-'))
  const file = join(folder, 'report.json')
  process.stdout.write(`\n── ${project} tests${long ? ', long' : ''}\n`)
  const status = run(
    bin('vitest'),
    [
      'run',
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    long ? { BATON_TEST_LONG: '1' } : {},
  )
  const read = existsSync(file) ? report.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data : undefined
  rmSync(folder, { recursive: true, force: true })
  if (read === undefined) return { passed: 0, failed: status === 0 ? 0 : 1, skipped: 0 }
  // A file that could not be loaded has no failing test of its own, nor has an error after the last one.
  const unloaded = read.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((each) => each.status === 'failed'),
  ).length
  const failed = read.numFailedTests + unloaded
  return {
    passed: read.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: read.numPendingTests + read.numTodoTests,
  }
}

/** Browser tests want Chromium. Where it can be had (Debian, as root) it is installed; else they say that they were skipped. */
const ensureBrowser = (): void => {
  const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  if (process.env.CHROMIUM_PATH !== undefined || known.some((path) => existsSync(path))) return
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    process.stdout.write('No Chromium found (CHROMIUM_PATH names one): browser tests will be skipped.\n')
    return
  }
  process.stdout.write('\n── installing Chromium for the browser tests\n')
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  if (run('apt-get', ['update', '-qq'], quiet) !== 0) return
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet)
}

const args = process.argv.slice(2)
const long = args.includes('--long')
const parts = args.filter((arg) => !arg.startsWith('--'))
if (parts.includes('console')) ensureBrowser()

const total = { passed: 0, failed: 0, skipped: 0 }
for (const part of parts) {
  const began = performance.now()
  const counts = part === 'check' ? await runChecks() : runProject(part, long)
  process.stdout.write(`${part}: ${Math.round((performance.now() - began) / 1000)} s\n`)
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
}
const line = `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`
if (process.env.BATON_TEST_SUMMARY !== undefined) writeFileSync(process.env.BATON_TEST_SUMMARY, `${line}\n`)
process.stdout.write(`\n${line}\n`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
