import { useSyncExternalStore } from 'react'

const storageKey = 'baton.workspace'
const listeners = new Set<() => void>()

const readStored = (): string | null => {
  try {
    return window.localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

let chosen: string | null | undefined

/** The id every request carries in its `baton-workspace` header; null before the session is known. */
export const chosenWorkspaceId = (): string | null => {
  if (chosen === undefined) chosen = readStored()
  return chosen
}

export const chooseWorkspace = (id: string): void => {
  if (id === chosenWorkspaceId()) return
  chosen = id
  try {
    window.localStorage.setItem(storageKey, id)
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useChosenWorkspaceId = (): string | null => useSyncExternalStore(subscribe, chosenWorkspaceId)
