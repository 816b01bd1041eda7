import { useHere } from '../app/session-context.ts'
import { useUrlFilters } from '../ui/url-filters.ts'
import { addDays, dayIn, startOfDay } from '../ui/zoned-day.ts'

const lastNinety = { from: '', to: '' }
const defaultDays = 90

export interface Period {
  /** Calendar days of the workspace, the last included. */
  readonly firstDay: string
  readonly lastDay: string
  readonly isOrdered: boolean
  /** For the API: epoch-ms, up to but not including `to`. */
  readonly query: { readonly from: number; readonly to: number }
  readonly set: (change: { readonly from?: string; readonly to?: string }) => void
  readonly setLast: (days: number) => void
  /** How many days up to today, or undefined. */
  readonly lastDays: number | undefined
}

/** The period of the statement, as two calendar days in the address; 90 days up to today when it names none. */
export const usePeriod = (): Period => {
  const { workspace } = useHere()
  const { timeZone } = workspace
  const filters = useUrlFilters(lastNinety)
  const today = dayIn(workspace.clockAt ?? Date.now(), timeZone)
  const lastDay = filters.values.to === '' ? today : filters.values.to
  const firstDay = filters.values.from === '' ? addDays(lastDay, 1 - defaultDays) : filters.values.from
  const isOrdered = firstDay <= lastDay
  const count = Math.round((Date.parse(lastDay) - Date.parse(firstDay)) / 86_400_000) + 1
  return {
    firstDay,
    lastDay,
    isOrdered,
    query: { from: startOfDay(firstDay, timeZone), to: startOfDay(addDays(lastDay, 1), timeZone) },
    set: filters.set,
    setLast: (days) => filters.set({ from: days === defaultDays ? '' : addDays(today, 1 - days), to: '' }),
    lastDays: lastDay === today ? count : undefined,
  }
}
