import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type FilterValues = Readonly<Record<string, string>>

/**
 * Filters that live in the address, so that a view can be bookmarked, shared and gone back to.
 * `const filters = useUrlFilters({ q: '', track: 'conversion' })` names them with their defaults, which the address leaves out.
 */
export const useUrlFilters = <Values extends FilterValues>(defaults: Values) => {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const given = Object.entries(search).flatMap(([key, value]) =>
    key in defaults && typeof value === 'string' ? [[key, value]] : [],
  )
  const values: Values = { ...defaults, ...Object.fromEntries(given) }

  const set = useCallback(
    (change: Partial<Record<keyof Values, string>>) => {
      const named = Object.entries<string | undefined>(change)
      const shortened = Object.fromEntries(
        named.map(([key, value]) => [key, value === defaults[key] ? undefined : value]),
      )
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) => ({ ...before, ...shortened }),
        replace: true,
      })
    },
    [navigate, defaults],
  )
  const clear = () => set({ ...defaults })
  const isFiltered = Object.entries(defaults).some(([key, value]) => values[key] !== value)
  return { values, set, clear, isFiltered }
}
