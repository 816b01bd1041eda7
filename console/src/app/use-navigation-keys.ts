import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef } from 'react'
import { createItems, navItems } from './nav.ts'

/** How long the second key of `g p` may take. */
const sequenceMs = 1_200

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input, textarea, select, [role="dialog"], [role="menu"], [role="textbox"]') !== null)

/** Where a pair of keys leads, or undefined. */
export const destinationOf = (first: string, second: string): string | undefined => {
  if (first === 'g') return navItems.find((item) => item.key === second)?.to
  if (first === 'c') return createItems.find((item) => item.key === second)?.to
  return undefined
}

/** `g p` goes to people, `c j` creates a journey, `?` shows all keys; silent while somebody types. */
export const useNavigationKeys = (onHelp: () => void): void => {
  const navigate = useNavigate()
  const first = useRef<{ readonly key: string; readonly at: number }>({ key: '', at: 0 })
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
    if (event.key === '?') return onHelp()
    const before = first.current
    const to = event.timeStamp - before.at < sequenceMs ? destinationOf(before.key, event.key) : undefined
    first.current = { key: to === undefined ? event.key : '', at: event.timeStamp }
    if (to === undefined) return
    event.preventDefault()
    void navigate({ to })
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
