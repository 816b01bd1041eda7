import { createReadStream, existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type ImportJob,
  importCreated,
  importJob,
  importRejections,
  type OrderImportMapping,
  orderImportMapping,
} from '@baton/contract'
import { Command } from 'commander'
import { z } from 'zod'
import { OperatorError } from '../kernel/index.ts'
import { type ApiClient, withApi } from './api-client.ts'
import { configOf, withServerOptions } from './command-config.ts'
import { givenPath } from './given-path.ts'
import { progressLine } from './progress-line.ts'
import { listenForStop, type StopRequest } from './stop-request.ts'

const given = z.object({
  map: z.array(z.string()).default([]),
  orderPrefix: z.string().optional(),
  workspace: z.string().optional(),
  json: z.boolean().default(false),
})
const askEveryMs = 300
const shownRejections = 10
const stoppedSending =
  'Stopped before the whole file was sent; the same command begins again, and nothing counts twice.'
const stoppedLooking =
  'Stopped looking; the server has the file and goes on by itself (Import orders, in the console). The same command changes nothing.'

export const importCommand = (): Command =>
  new Command('import').description('Bring in what happened before').addCommand(
    withServerOptions(new Command('orders'))
      .description('A file of orders or order lines (CSV); run it twice, and the result is the same')
      .argument('<file>')
      .option('--map <field=column...>', `which column is what: ${Object.keys(orderImportMapping.shape).join(', ')}`)
      .option(
        '--order-prefix <text>',
        'before every order number: needed where another system counts alike, e.g. till-',
      )
      .option('--workspace <id>', 'needed when there are several')
      .option('--json', 'print the result as JSON')
      .action(async (file: string, options: unknown) => {
        const { map, orderPrefix, workspace, json } = given.parse(options)
        const mapping = readMapping(orderPrefix === undefined ? map : [...map, `orderPrefix=${orderPrefix}`])
        const path = givenPath(file)
        if (!existsSync(path)) throw new OperatorError(`There is no file ${path}.`)
        const stop = listenForStop()
        const sent = { isWhole: false }
        try {
          await withApi(configOf(options), workspace, stop.signal, async (api) => {
            const job = await importFile(api, path, mapping, { sent, stop, shown: json ? null : showProgress() })
            process.stdout.write(json ? `${JSON.stringify(job)}\n` : summaryOf(job, await firstRejections(api, job)))
            if (job.state !== 'done') process.exitCode = 1
          })
        } catch (error) {
          const exitCode = stop.exitCode()
          if (exitCode === null) throw error
          process.stderr.write(`\n  ${sent.isWhole ? stoppedLooking : stoppedSending}\n`)
          process.exitCode = exitCode
        } finally {
          stop.release()
        }
      }),
  )

/** `customer=Customer ID`, several of them; `header=false` and the like become what they mean. */
export const readMapping = (pairs: readonly string[]): OrderImportMapping => {
  const fields = pairs.map((pair): readonly [string, string | boolean] => {
    const [, field, column] = /^([^=]+)=(.+)$/s.exec(pair) ?? []
    if (field === undefined || column === undefined)
      throw new OperatorError(`--map ${pair} is not of the form field=column, e.g. --map date=InvoiceDate`)
    return [field, field === 'header' ? column === 'true' : column]
  })
  const unknown = fields.find(([field]) => !(field in orderImportMapping.shape))
  if (unknown !== undefined)
    throw new OperatorError(`--map ${unknown[0]}=… is none of ${Object.keys(orderImportMapping.shape).join(', ')}.`)
  const read = orderImportMapping.safeParse(Object.fromEntries(fields))
  if (read.success) return read.data
  throw new OperatorError(
    read.error.issues.map(({ path, message }) => `--map ${path.join('.')}: ${message}`).join('\n'),
  )
}

/** Who looks at an import under way: says how far it is, notes when the file is there, and may be asked to stop. */
interface ImportWatch {
  readonly shown: Progress | null
  readonly sent: { isWhole: boolean }
  readonly stop: StopRequest
}

interface Progress {
  show(job: ImportJob): void
  end(job: ImportJob): void
}

const importFile = async (
  api: ApiClient,
  path: string,
  mapping: OrderImportMapping,
  { sent, stop, shown }: ImportWatch,
): Promise<ImportJob> => {
  const query = new URLSearchParams({ mapping: JSON.stringify(mapping), fileName: basename(path) })
  const content = Readable.toWeb(createReadStream(path)) as ReadableStream
  const { importId } = await api.call('POST', `/v1/imports?${query}`, importCreated, { type: 'text/csv', content })
  sent.isWhole = true
  for (;;) {
    const job = await api.call('GET', `/v1/imports/${importId}`, importJob)
    if (['done', 'stopped', 'failed'].includes(job.state)) {
      shown?.end(job)
      return job
    }
    shown?.show(job)
    await delay(askEveryMs, undefined, { signal: stop.signal })
  }
}

/** Bytes read make up the first half of the bar, orders written the second. */
const showProgress = (): Progress => {
  const steps = 100
  const bar = progressLine({ max: steps })
  let done = 0
  bar.start('Reading the file')
  const advanceTo = (step: number, text: string): void => {
    bar.advance(Math.max(0, step - done), text)
    done = Math.max(done, step)
  }
  return {
    show: ({ state, bytes, bytesRead, rows, orders }) =>
      state === 'writing'
        ? advanceTo(
            steps / 2 + Math.min(steps / 2 - 1, Math.floor((orders / Math.max(1, rows)) * (steps / 2))),
            `${orders} orders written`,
          )
        : advanceTo(Math.floor((bytesRead / Math.max(1, bytes)) * (steps / 2)), `${rows} rows read`),
    end: ({ state, rows }) => {
      advanceTo(steps, `${rows} rows`)
      bar.stop(state === 'done' ? 'Imported' : `The import ${state === 'stopped' ? 'was stopped' : 'failed'}`)
    },
  }
}

const firstRejections = async (api: ApiClient, job: ImportJob) =>
  job.rejected === 0
    ? []
    : (await api.call('GET', `/v1/imports/${job.importId}/rejections?limit=${shownRejections}`, importRejections)).items

const summaryOf = (job: ImportJob, rejections: Awaited<ReturnType<typeof firstRejections>>): string =>
  [
    ...(job.problem === null ? [] : [`  ${job.problem.message} ${job.problem.remedy}`]),
    `  ${job.rows} rows: ${job.accepted} accepted, ${job.rejected} rejected`,
    `  ${job.orders} orders, ${job.returns} of them returns (${job.cancellations} cancel an order), ${job.guestOrders} without a customer` +
      (job.customers === null ? '' : `, ${job.customers} customers`),
    ...job.totals.map(({ currency, minor }) => `  net ${inMajor(minor, currency)}`),
    ...Object.entries(job.rejectedByReason).map(([reason, count]) => `  ${count} rows rejected: ${reason}`),
    ...rejections.map(({ line, reason, remedy }) => `    line ${line}: ${reason} ${remedy}`),
    ...(job.rejected > rejections.length ? [`    … all of them: GET /v1/imports/${job.importId}/rejections`] : []),
    '',
  ].join('\n')

const inMajor = (minor: number, currency: string): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' })
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
