import type { SankeyLink, SankeyNode } from '../charts/sankey.tsx'
import type { WaterfallItem } from '../charts/waterfall.tsx'

const dayMs = 86_400_000
const start = Date.UTC(2026, 9, 1)

export const waterfallItems: readonly WaterfallItem[] = [
  {
    id: 'new',
    label: 'Revenue of new customers',
    kind: 'change',
    amount: 4_210_000,
    to: '/people?q=new',
    hint: '412 people',
  },
  { id: 'acquisition', label: 'Acquisition costs', kind: 'change', amount: -1_630_000, to: '/costs' },
  { id: 'old', label: 'Revenue of old customers', kind: 'change', amount: 9_120_000 },
  { id: 'servicing', label: 'Servicing costs', kind: 'change', amount: -2_240_000 },
  { id: 'lost', label: 'Revenue of churned customers', kind: 'change', amount: -1_180_000 },
  { id: 'sum', label: 'Customer equity of the period', kind: 'total', amount: 8_280_000 },
]

const titles = ['WOM agent', 'Bought', 'Facilitated buying', 'Responded', 'Reached', 'Lost']

export const states: readonly SankeyNode[] = [0, 1].flatMap((column) =>
  titles.map((label) => ({ id: `${label} ${column}`, label, column })),
)

const flow = (from: string, to: string, people: number, direction: 'up' | 'down' | 'level'): SankeyLink => ({
  from: `${from} 0`,
  to: `${to} 1`,
  people,
  valueMinor: people * 4_150,
  direction,
})

export const flows: readonly SankeyLink[] = [
  flow('WOM agent', 'WOM agent', 38, 'level'),
  flow('Bought', 'Bought', 512, 'level'),
  flow('Bought', 'WOM agent', 21, 'up'),
  flow('Bought', 'Lost', 64, 'down'),
  flow('Facilitated buying', 'Bought', 96, 'up'),
  flow('Facilitated buying', 'Responded', 40, 'down'),
  flow('Responded', 'Facilitated buying', 130, 'up'),
  flow('Responded', 'Responded', 280, 'level'),
  flow('Reached', 'Responded', 210, 'up'),
  flow('Reached', 'Reached', 640, 'level'),
  flow('Lost', 'Bought', 12, 'up'),
  flow('Lost', 'Lost', 150, 'level'),
]

const wave = (index: number, size: number): number => Math.round(size * (1.2 + Math.sin(index / 4) * 0.35 + index / 60))

export const days = [
  {
    id: 'direct',
    label: 'Direct',
    points: Array.from({ length: 60 }, (_, index) => ({
      at: start + index * dayMs,
      value: wave(index, 310_000),
      low: wave(index, 260_000),
      high: wave(index, 360_000),
    })),
  },
  {
    id: 'retail',
    label: 'Retailers',
    dashed: true,
    points: Array.from({ length: 60 }, (_, index) => ({ at: start + index * dayMs, value: wave(index + 9, 180_000) })),
  },
]

export const people = [
  {
    id: 'p1',
    name: 'Ann Becker',
    state: 'accepted',
    value: { minor: 124_050, currency: 'EUR' },
    reason: null,
    seenAt: Date.now() - 60_000,
  },
  {
    id: 'p2',
    name: 'Bruno Lang',
    state: 'held',
    value: { minor: 9_900, currency: 'EUR' },
    reason: 'quiet-hours',
    seenAt: Date.now() - 7_200_000,
  },
  {
    id: 'p3',
    name: 'Carla Ruiz',
    state: 'dropped',
    value: null,
    reason: 'frequency-cap',
    seenAt: Date.now() - 9 * dayMs,
  },
  {
    id: 'p4',
    name: 'Dmitri Orlov',
    state: 'refused',
    value: { minor: -2_500, currency: 'EUR' },
    reason: 'bounced',
    seenAt: Date.now() - 400 * dayMs,
  },
]
