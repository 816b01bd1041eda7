import type { CostDraft, PhaseKey } from '@baton/contract'
import { dayMs, type Instant } from '../kernel/index.ts'
import { agency, retailers } from './catalogue.ts'

/** Five people who each answer for a phase, and the agency. They are part of the simulation and can't sign in. */
export const phaseOwners: readonly { readonly phase: PhaseKey; readonly name: string; readonly email: string }[] = [
  { phase: 'contact', name: 'Noor Hassan', email: 'noor@lumen-and-lark.example' },
  { phase: 'consideration', name: 'Elias Berg', email: 'elias@lumen-and-lark.example' },
  { phase: 'purchase', name: 'Mei Tanaka', email: 'mei@lumen-and-lark.example' },
  { phase: 'post-purchase', name: 'Carlos Rey', email: 'carlos@lumen-and-lark.example' },
  { phase: 'loyalty', name: 'Anouk Visser', email: 'anouk@lumen-and-lark.example' },
]
export const agencyContact = { name: `${agency} (agency)`, email: 'hello@studio-brightwater.example' }

interface CostLine {
  readonly everyDays: number
  readonly firstDay: number
  readonly euros: number
  readonly kind: CostDraft['kind']
  readonly phase: PhaseKey
  readonly channel: string
  readonly partner: string | null
  readonly note: string
}

const lines: readonly CostLine[] = [
  {
    everyDays: 7,
    firstDay: 0,
    euros: 640,
    kind: 'acquisition',
    phase: 'contact',
    channel: 'search',
    partner: null,
    note: 'Search ads',
  },
  {
    everyDays: 7,
    firstDay: 1,
    euros: 520,
    kind: 'acquisition',
    phase: 'contact',
    channel: 'social',
    partner: agency,
    note: 'Social ads',
  },
  {
    everyDays: 30,
    firstDay: 2,
    euros: 2400,
    kind: 'acquisition',
    phase: 'contact',
    channel: 'social',
    partner: agency,
    note: 'Agency retainer',
  },
  {
    everyDays: 45,
    firstDay: 20,
    euros: 3100,
    kind: 'acquisition',
    phase: 'consideration',
    channel: 'fair',
    partner: null,
    note: 'Toy and book fair stand',
  },
  {
    everyDays: 30,
    firstDay: 5,
    euros: 900,
    kind: 'acquisition',
    phase: 'purchase',
    channel: 'retail',
    partner: retailers[0],
    note: 'Shelf and listing fee',
  },
  {
    everyDays: 30,
    firstDay: 5,
    euros: 650,
    kind: 'acquisition',
    phase: 'purchase',
    channel: 'retail',
    partner: retailers[1],
    note: 'Shelf and listing fee',
  },
  {
    everyDays: 30,
    firstDay: 28,
    euros: 2100,
    kind: 'servicing',
    phase: 'post-purchase',
    channel: 'support',
    partner: null,
    note: 'Support desk',
  },
  {
    everyDays: 30,
    firstDay: 28,
    euros: 380,
    kind: 'servicing',
    phase: 'loyalty',
    channel: 'email',
    partner: null,
    note: 'Mail and tools',
  },
  {
    everyDays: 30,
    firstDay: 12,
    euros: 450,
    kind: 'servicing',
    phase: 'loyalty',
    channel: 'community',
    partner: null,
    note: 'Parents’ round-table',
  },
] // prettier-ignore

/** What the simulated shop spent between two instants, to be entered like any cost. */
export const costsBetween = (from: Instant, until: Instant): readonly CostDraft[] =>
  lines.flatMap(({ everyDays, firstDay, euros, kind, phase, channel, partner, note }) => {
    const drafts: CostDraft[] = []
    for (let at = from + firstDay * dayMs; at < until; at += everyDays * dayMs) {
      const on = new Date(at).toISOString().slice(0, 10)
      drafts.push({ on, amount: { minor: euros * 100, currency: 'EUR' }, kind, phase, channel, partner, note })
    }
    return drafts
  })
