import { type ChangedMeanwhile, changedMeanwhile, type Journey, type JourneyDraft } from '@baton/contract'
import { hashKey } from '@tanstack/react-query'
import { ApiError } from '../api/api-error.ts'
import { type EditableDraft, readDraft, writeDraft } from './editable-draft.ts'

/** `overtaken`: somebody changed it meanwhile, and nothing is sent until it was loaded. All but `saved` have something to lose. */
export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed' | 'overtaken'

export interface Kept {
  readonly state: SaveState
  /** Why the last try failed; null where it did not. */
  readonly error: unknown
  /** Who overtook, and when. */
  readonly overtakenBy: ChangedMeanwhile | null
  /** Counts what the server holds: what depends on the draft asks again. */
  readonly revision: number
}

type Change = { readonly draft: JourneyDraft } | { readonly name: string }

/** One journey of the API. */
export interface JourneyApi {
  readonly put: (change: Change & { readonly expectedUpdatedAt: number }) => Promise<Journey>
  readonly get: () => Promise<Journey>
}

/** Something that needs the draft on the server can't be done: it is not there. */
export class UnsavedError extends Error {
  override readonly name = 'UnsavedError'
}

/** Who changed the journey, where a change was refused because of it. */
export const overtakenBy = (error: unknown): ChangedMeanwhile | null =>
  error instanceof ApiError && error.code === 'conflict'
    ? (changedMeanwhile.safeParse(error.details).data ?? null)
    : null

/** Equal drafts, whatever the order of their fields. */
const said = (draft: JourneyDraft): string => hashKey([draft])

interface DraftKeeperOptions {
  readonly read: Journey
  /** As the editor has it. */
  readonly draft: EditableDraft
  readonly api: JourneyApi
  /** After each save: what the server holds now. */
  readonly onKept: (journey: Journey) => void
}

/**
 * Keeps the server's draft at what stands in the editor, one save at a time. Each save names the state it was made from,
 * so that it never replaces what somebody else wrote meanwhile; a change of status or name is no such thing, nor is a
 * save of our own whose answer was lost.
 */
export const createDraftKeeper = ({ read, draft, api, onKept }: DraftKeeperOptions) => {
  let base = read
  let kept = draft
  let newest = draft
  /** Sent, and not known to have arrived. */
  const unanswered = new Set<string>()
  let running: Promise<unknown> = Promise.resolve()
  let now: Kept = { state: 'saved', error: null, overtakenBy: null, revision: 0 }
  const listeners = new Set<() => void>()

  /** What the last try failed with. */
  let failure: unknown = null

  const tell = (part: Partial<Kept>): void => {
    now = { ...now, ...part }
    for (const listener of listeners) listener()
  }
  const isOurs = (found: JourneyDraft): boolean => said(found) === said(base.draft) || unanswered.has(said(found))

  const put = async (change: Change, isAsRead: (found: Journey) => boolean): Promise<Journey> => {
    let expectedUpdatedAt = base.updatedAt
    for (;;) {
      try {
        return await api.put({ ...change, expectedUpdatedAt })
      } catch (error) {
        if (overtakenBy(error) === null) throw error
        const found = await api.get()
        if (found.updatedAt === expectedUpdatedAt || !isAsRead(found)) throw error
        expectedUpdatedAt = found.updatedAt
      }
    }
  }

  const hold = (journey: Journey, as: EditableDraft): void => {
    base = journey
    kept = as
    unanswered.clear()
    const state = newest === kept ? 'saved' : 'unsaved'
    tell({ state, error: null, overtakenBy: null, revision: now.revision + 1 })
  }

  /** Never fails: the state says how it went. */
  const saveNewest = async (): Promise<void> => {
    if (newest === kept || now.state === 'overtaken') return
    const sending = newest
    const written = writeDraft(sending)
    tell({ state: 'saving' })
    try {
      const sent = put({ draft: written }, (found) => isOurs(found.draft))
      unanswered.add(said(written))
      const answer = await sent
      hold(answer, sending)
      onKept(answer)
    } catch (error) {
      failure = error
      const by = overtakenBy(error)
      tell(by === null ? { state: 'failed', error } : { state: 'overtaken', error: null, overtakenBy: by })
    }
  }
  const save = (): Promise<unknown> => {
    running = running.then(saveNewest)
    return running
  }

  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    now: (): Kept => now,

    /** What stands in the editor now. */
    edited: (draft: EditableDraft): void => {
      if (draft === newest) return
      newest = draft
      if (now.state !== 'overtaken') tell({ state: newest === kept ? 'saved' : 'unsaved' })
    },
    save,

    /**
     * `updatedAt` of the journey that stands in the editor, saved.
     * @throws UnsavedError when something is still not saved, with the reason as its cause.
     */
    flush: async (): Promise<number> => {
      for (;;) {
        await save()
        if (newest === kept && now.state !== 'overtaken') return base.updatedAt
        if (now.state === 'failed' || now.state === 'overtaken')
          throw new UnsavedError('The last changes are not saved', { cause: failure })
      }
    },

    /** The journey as it was read anew: the draft that the editor shall show, or null where nothing changes for it. */
    meet: (found: Journey): EditableDraft | null => {
      if (found.updatedAt <= base.updatedAt) return null
      if (isOurs(found.draft)) {
        base = found
        return null
      }
      // What is not saved yet is not taken away: the next save says that it was overtaken.
      if (newest !== kept) return null
      newest = readDraft(found.draft)
      hold(found, newest)
      return newest
    },

    /** What overtook, to be shown in place of what stands in the editor. */
    load: async (): Promise<EditableDraft> => {
      const found = await api.get()
      newest = readDraft(found.draft)
      hold(found, newest)
      onKept(found)
      return newest
    },

    /** In turn with the drafts; replaces no name that somebody else gave meanwhile. */
    rename: (name: string): Promise<Journey> => {
      const renamed = running
        .then(() => put({ name }, (found) => found.name === base.name))
        .then((answer) => {
          base = isOurs(answer.draft) ? answer : { ...base, name: answer.name }
          onKept(answer)
          return answer
        })
      running = renamed.catch(() => undefined)
      return renamed
    },
  }
}
