import { describe, expect } from 'vitest'
import { type EquityFitResult, equityFit } from '../../server/src/cli/equity-fit.ts'
import { fitShiftedBetaGeometric, survival } from '../../server/src/equity/index.ts'
import { readRealData, realDataPath, testOnRealData } from './real-data.ts'

const sampleFile = 'cdnow/CDNOW_sample.txt'
const masterFile = 'cdnow/CDNOW_master.txt'
const retentionFile = 'retention/sbg_regular.csv'

const fitSample = (overrides: Partial<Parameters<typeof equityFit>[0]> = {}): Promise<EquityFitResult> =>
  equityFit({
    file: realDataPath(sampleFile),
    customer: '1',
    date: '3',
    value: '5',
    unit: 'week',
    calibrationEnd: '1997-09-30',
    ...overrides,
  })

const expectWithin = (
  share: number,
  actual: Readonly<Record<string, number>>,
  published: Readonly<Record<string, number>>,
) => {
  for (const [name, value] of Object.entries(published)) {
    expect(Math.abs((actual[name] ?? Number.NaN) / value - 1), `${name}: ${actual[name]} for ${value}`).toBeLessThan(
      share,
    )
  }
}

describe('CDNOW sample against the published figures', () => {
  testOnRealData(sampleFile)('BG/NBD: parameters and log-likelihood (Fader, Hardie & Lee 2005)', async () => {
    const result = await fitSample()
    expect(result).toMatchObject({ model: 'bg-nbd', unit: 'week', customers: 2357, repeatCustomers: 946, warnings: [] })
    expect(result.rows).toMatchObject({ read: 6919, unread: 0, separator: 'whitespace', header: false })
    expectWithin(0.0001, result.parameters, { r: 0.242595, alpha: 4.413602, a: 0.792922, b: 2.425906 })
    expect(Math.abs(result.logLikelihood - -9582.4292)).toBeLessThan(0.001)
  })

  testOnRealData(sampleFile)('Pareto/NBD: parameters and log-likelihood', async () => {
    const result = await fitSample({ model: 'pareto-nbd' })
    expectWithin(0.005, result.parameters, { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 })
    expect(Math.abs(result.logLikelihood - -9595.0)).toBeLessThan(0.05)
  })

  testOnRealData(sampleFile)('Gamma-Gamma on the 946 repeat customers (Fader & Hardie 2013)', async () => {
    const { spend } = await fitSample()
    expect(spend?.customers).toBe(946)
    expectWithin(
      0.005,
      { p: spend?.p ?? 0, q: spend?.q ?? 0, gamma: spend?.gamma ?? 0 },
      { p: 6.25, q: 3.74, gamma: 15.44 },
    )
    expect(Math.abs((spend?.logLikelihood ?? 0) - -4055.92)).toBeLessThan(0.05)
  })

  testOnRealData(sampleFile)('the first customer is expected to buy 1.226 times and alive with .73', async () => {
    const [first] = (await fitSample()).customerValues
    expect(first).toMatchObject({ customer: '00004', x: 2 })
    expect(first?.expectedPurchases).toBeCloseTo(1.226, 3)
    expect(first?.pAlive).toBeCloseTo(0.73, 2)
  })

  testOnRealData(sampleFile)(
    'hold-out: correlation .626 (BG/NBD) and .630 (Pareto/NBD), week 78 under-forecast by 4 % and 2 %',
    async () => {
      const bg = await fitSample()
      const pareto = await fitSample({ model: 'pareto-nbd' })
      expect(bg.holdout?.correlation?.toFixed(3)).toBe('0.626')
      expect(pareto.holdout?.correlation?.toFixed(3)).toBe('0.630')
      expect(bg.holdout?.length).toBe(39)
      expect(bg.holdout?.cumulative.at).toBe(78)
      expect(Math.round(100 * (bg.holdout?.cumulative.error ?? 0))).toBe(-4)
      expect(Math.round(100 * (pareto.holdout?.cumulative.error ?? 0))).toBe(-2)
    },
  )

  testOnRealData(sampleFile, masterFile)(
    'the master file restricted to the ids of the sample gives the same',
    async () => {
      const result = await fitSample({
        file: realDataPath(masterFile),
        customer: 'customer_id',
        date: 'date',
        value: 'dollar_value',
        ids: realDataPath(sampleFile),
      })
      expect(result).toMatchObject({ customers: 2357, idsWithoutPurchase: [], rows: { read: 69_659, header: true } })
      expectWithin(0.0001, result.parameters, { r: 0.242595, alpha: 4.413602, a: 0.792922, b: 2.425906 })
    },
  )

  testOnRealData(sampleFile)('in days the parameters are quite different, as the trap says', async () => {
    const result = await fitSample({ unit: 'day' })
    expect(result.parameters.alpha).toBeGreaterThan(20)
  })
})

describe('Regular contract customers', () => {
  testOnRealData(retentionFile)('fitted on years 1 to 7, alpha .704 and beta 1.182 project years 8 to 12', () => {
    const survivors = readRealData(retentionFile)
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => Number(line.split(',')[1]))
    const fit = fitShiftedBetaGeometric(survivors.slice(0, 8))
    if (fit.kind !== 'fitted') throw new Error(fit.explanation)
    expect(fit.parameters.alpha.toFixed(3)).toBe('0.704')
    expect(fit.parameters.beta.toFixed(3)).toBe('1.182')
    expect([8, 9, 10, 11, 12].map((t) => (100 * survival(fit.parameters, t)).toFixed(1))).toEqual([
      '22.0',
      '20.4',
      '19.1',
      '18.0',
      '17.0',
    ])
  })
})
