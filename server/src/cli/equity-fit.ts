import { readFile } from 'node:fs/promises'
import { separatorName } from '@baton/contract'
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  dateFormats,
  type FitReport,
  type PurchaseModelName,
  type PurchasesFile,
  type PurchasesFileOptions,
  parseDay,
  purchaseModelNames,
  readPurchasesFile,
  reportFit,
  summarisePurchases,
  type TimeUnit,
  timeUnits,
} from '../equity/index.ts'
import { OperatorError } from '../kernel/index.ts'
import { givenPath } from './given-path.ts'

export interface EquityFitOptions extends PurchasesFileOptions {
  readonly file: string
  readonly unit: TimeUnit
  readonly calibrationEnd?: string
  readonly observationEnd?: string
  /** A file with one customer id at the start of each line: only these take part. */
  readonly ids?: string
  readonly model?: PurchaseModelName
  readonly margin?: number
  readonly discountRate?: number
  readonly horizonYears?: number
}

export interface EquityFitResult extends FitReport {
  readonly rows: RowsReport
  readonly idsWithoutPurchase: readonly string[]
}

/** What became of the file's rows: none is lost without being named. */
export interface RowsReport {
  readonly read: number
  readonly unread: number
  readonly unreadByReason: Readonly<Record<string, { readonly count: number; readonly lines: readonly number[] }>>
  readonly separator: string
  readonly header: boolean
  readonly dateFormat: string
}

/** Fits the equity models to a file of purchases. Throws an OperatorError, with what to do, on what can't be read or fitted. */
export const equityFit = async (options: EquityFitOptions): Promise<EquityFitResult> => {
  const file = readPurchasesFile(await readText(options.file), options)
  const ids = options.ids === undefined ? undefined : readIds(await readText(options.ids))
  const history = summarisePurchases(file.purchases, {
    unit: options.unit,
    ...optionalDay('calibrationEnd', options.calibrationEnd),
    ...optionalDay('observationEnd', options.observationEnd),
    ...(ids ? { ids } : {}),
  })
  const outcome = reportFit(history, {
    model: options.model ?? 'bg-nbd',
    margin: options.margin ?? 1,
    annualDiscountRate: options.discountRate ?? 0.12,
    horizonYears: options.horizonYears ?? 5,
  })
  if (outcome.kind === 'not-fitted') throw new OperatorError(`The model can't be fitted. ${outcome.explanation}.`)
  return { ...outcome.report, rows: reportRows(file), idsWithoutPurchase: history.idsWithoutPurchase }
}

/** Mounts `equity fit` on the command line's root. */
export const registerEquityFit = (program: Command): void => {
  const equity =
    program.commands.find((c) => c.name() === 'equity') ??
    program.command('equity').description('What customers are worth')
  equity
    .command('fit')
    .description('Fit BG/NBD or Pareto/NBD with Gamma-Gamma to any file of purchases')
    .requiredOption('--file <path>', 'file of purchases, one a line')
    .requiredOption('--customer <column>', 'customer column, by name or number (1 is the first)')
    .requiredOption('--date <column>', 'date column, by name or number')
    .requiredOption('--value <column>', 'value column, by name or number')
    .addOption(new Option('--unit <unit>', 'unit of time').choices(Object.keys(timeUnits)).default('week'))
    .option('--calibration-end <date>', 'last day to calibrate on; the rest is the hold-out (default: all)')
    .option('--observation-end <date>', 'last day observed (default: the last in the file)')
    .option('--ids <path>', 'only the customers whose ids begin the lines of this file')
    .addOption(new Option('--model <name>', 'purchase model').choices(purchaseModelNames).default('bg-nbd'))
    .addOption(
      new Option('--separator <name>', 'what stands between columns (default: found)').choices(separatorName.options),
    )
    .option('--header', 'the first line names the columns (default: found)')
    .option('--no-header', 'the first line is a purchase')
    .addOption(new Option('--date-format <name>', 'how dates are written (default: found)').choices(dateFormats))
    .addOption(new Option('--decimal-mark <mark>', 'what stands before the cents (default: found)').choices(['.', ',']))
    .option('--margin <share>', 'share of revenue that is margin', numberBetween(0, 1), 1)
    .option('--discount-rate <rate>', 'per year', numberBetween(0, 10), 0.12)
    .option('--horizon-years <years>', 'how far customers are valued', numberBetween(0.01, 100), 5)
    .option('--json', 'print the whole result as JSON')
    .action(async (options: EquityFitOptions & { readonly json?: boolean }) => {
      const result = await equityFit(options)
      process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : describe(result))
    })
}

const numberBetween =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`)
    return value
  }

const readText = async (given: string): Promise<string> => {
  const path = givenPath(given)
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new OperatorError(`Can't read ${path}. Give the path of a file that this user may read.`, { cause })
  }
}

const readIds = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split(/\r\n|\n|\r/)
      .map((line) => line.trim().split(/[\s,;]+/)[0] ?? '')
      .filter((id) => id !== ''),
  )

const optionalDay = <Name extends string>(name: Name, text: string | undefined): Partial<Record<Name, number>> => {
  if (text === undefined) return {}
  const day = parseDay(text)
  if (day === null) throw new OperatorError(`"${text}" is not a date. Write it as 1997-09-30 or 19970930.`)
  const given: Partial<Record<Name, number>> = {}
  given[name] = day
  return given
}

const reportRows = ({ purchases, unread, separator, header, dateFormat }: PurchasesFile): RowsReport => ({
  read: purchases.length,
  unread: unread.length,
  unreadByReason: Object.fromEntries(
    [...Map.groupBy(unread, (row) => row.reason)].map(([reason, rows]) => [
      reason,
      { count: rows.length, lines: rows.map((r) => r.line) },
    ]),
  ),
  separator,
  header,
  dateFormat,
})

const describe = (result: EquityFitResult): string => {
  const round = (value: number, digits = 4) => value.toFixed(digits)
  const parameters = Object.entries(result.parameters).map(([name, value]) => {
    const error = result.standardErrors?.[name]
    return `  ${name.padEnd(6)} ${round(value)}${error === undefined ? '' : `  (s.e. ${round(error)})`}`
  })
  const { holdout, spend, rows } = result
  return [
    `${result.model}, by ${result.unit}, ${result.customers} customers, ${result.repeatCustomers} of them with repeat purchases, to ${result.calibrationEnd}`,
    ...parameters,
    `  log-likelihood ${round(result.logLikelihood, 2)}`,
    spend
      ? `Gamma-Gamma on ${spend.customers} customers: p ${round(spend.p)}, q ${round(spend.q)}, gamma ${round(spend.gamma)}, log-likelihood ${round(spend.logLikelihood, 2)}`
      : 'No spend model: no repeat purchase has a value above 0',
    holdout
      ? `Hold-out of ${round(holdout.length, 1)} ${result.unit}s: ${holdout.actual} repeat purchases, ${round(holdout.expected, 1)} expected, correlation by customer ${holdout.correlation === null ? 'unknown' : round(holdout.correlation, 3)}`
      : 'No hold-out: the calibration runs to the end',
    result.totals.value === null
      ? ''
      : `Value of these customers over ${result.assumptions.horizonYears} years at ${result.assumptions.annualDiscountRate * 100} % a year and a margin of ${result.assumptions.margin}: ${round(result.totals.value, 2)}`,
    ...result.warnings.map((warning) => `Warning: ${warning}`),
    ...Object.entries(rows.unreadByReason).map(
      ([reason, { count, lines }]) =>
        `${count} rows not read, ${reason}: lines ${lines.slice(0, 10).join(', ')}${count > 10 ? ', …' : ''}`,
    ),
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n')
}
