import type { Journey, JourneyDraft } from '@baton/contract'
import { expect, test } from 'vitest'
import { ApiError } from '../api/api-error.ts'
import { createDraftKeeper, UnsavedError } from './draft-keeper.ts'
import { type EditableDraft, readDraft, writeDraft } from './editable-draft.ts'

const emptyDraft: JourneyDraft = { start: null, steps: [] }

const read = (draft: JourneyDraft): Journey => ({
  journeyId: '0199e2a5-0000-7000-8000-000000000001',
  name: 'Cart',
  status: 'draft',
  phase: null,
  version: null,
  changed: true,
  entered: 0,
  active: 0,
  finished: 0,
  exited: 0,
  createdAt: 1,
  updatedAt: 1,
  publishedAt: null,
  draft,
  published: null,
  versions: [],
})

/** A journey as the API keeps it: a change made from an older state is refused. */
const journeyOf = (draft: JourneyDraft = writeDraft(readDraft(emptyDraft))) => {
  let held = read(draft)
  let failing: 'never' | 'unreachable' | 'answer-lost' = 'never'
  const puts: unknown[] = []
  const write = (part: Partial<Journey>): Journey => {
    held = { ...held, ...part, updatedAt: held.updatedAt + 1 }
    return held
  }
  return {
    puts,
    held: () => held,
    write,
    fail: (how: typeof failing) => {
      failing = how
    },
    api: {
      get: async () => held,
      put: async ({
        expectedUpdatedAt,
        ...part
      }: {
        expectedUpdatedAt: number
        draft?: JourneyDraft
        name?: string
      }) => {
        puts.push(part)
        if (failing === 'unreachable') throw new ApiError({ status: 0, code: 'unreachable', message: 'away' })
        if (expectedUpdatedAt !== held.updatedAt) {
          const details = { changedBy: 'Bo', changedAt: held.updatedAt }
          throw new ApiError({ status: 409, code: 'conflict', message: 'changed', details })
        }
        write(part)
        if (failing === 'answer-lost') throw new ApiError({ status: 0, code: 'too-late', message: 'late' })
        return held
      },
    },
  }
}

const opened = (journey = journeyOf()) => {
  const seen: Journey[] = []
  const first = readDraft(journey.held().draft)
  const keeper = createDraftKeeper({
    read: journey.held(),
    draft: first,
    api: journey.api,
    onKept: (kept) => seen.push(kept),
  })
  return { journey, keeper, first, seen }
}

const selling = (draft: EditableDraft): EditableDraft => ({ ...draft, purpose: 'sell' })
const serving = (draft: EditableDraft): EditableDraft => ({ ...draft, purpose: 'serve' })
const theirs = (journey: ReturnType<typeof journeyOf>) => ({
  draft: writeDraft(serving(readDraft(journey.held().draft))),
})

test('what is edited is saved, and what is saved is told', async () => {
  const { journey, keeper, first, seen } = opened()
  keeper.edited(selling(first))
  expect(keeper.now()).toMatchObject({ state: 'unsaved', revision: 0 })
  await keeper.flush()
  expect(keeper.now()).toMatchObject({ state: 'saved', error: null, revision: 1 })
  expect(journey.held().draft.purpose).toBe('sell')
  expect(seen).toEqual([journey.held()])
  await keeper.flush()
  expect(journey.puts).toHaveLength(1)
})

test('an older draft replaces nothing: who overtook is said, and nothing is sent until theirs was loaded', async () => {
  const { journey, keeper, first } = opened()
  journey.write(theirs(journey))
  keeper.edited(selling(first))
  await expect(keeper.flush()).rejects.toMatchObject({ name: 'UnsavedError', cause: { code: 'conflict' } })
  expect(keeper.now()).toMatchObject({ state: 'overtaken', overtakenBy: { changedBy: 'Bo', changedAt: 2 } })
  const sent = journey.puts.length
  keeper.edited({ ...selling(first), exitOnReply: false })
  await keeper.save()
  expect([journey.held().draft.purpose, journey.puts.length]).toEqual(['serve', sent])

  const loaded = await keeper.load()
  expect(loaded.purpose).toBe('serve')
  expect(keeper.now()).toMatchObject({ state: 'saved', overtakenBy: null })
  // Undo brings the own one back: now it is meant to replace theirs.
  keeper.edited(selling(first))
  await keeper.flush()
  expect(journey.held().draft.purpose).toBe('sell')
})

test('what somebody else saved is shown where nothing is unsaved, and only there', async () => {
  const { journey, keeper, first } = opened()
  const older = journey.held()
  const newer = journey.write(theirs(journey))
  expect(keeper.meet(newer)?.purpose).toBe('serve')
  expect([keeper.meet(newer), keeper.meet(older)]).toEqual([null, null])
  keeper.edited(selling(first))
  expect(keeper.meet(journey.write({ draft: emptyDraft }))).toBeNull()
  await expect(keeper.flush()).rejects.toBeInstanceOf(UnsavedError)
  expect(journey.held().draft).toEqual(emptyDraft)
})

test('a change of status or name overtakes no draft', async () => {
  const { journey, keeper, first } = opened()
  journey.write({ status: 'paused', name: 'Cart, renamed' })
  keeper.edited(selling(first))
  await keeper.flush()
  expect(journey.held()).toMatchObject({ name: 'Cart, renamed', draft: { purpose: 'sell' } })
  keeper.edited(serving(first))
  expect(keeper.meet(journey.write({ status: 'live' }))).toBeNull()
  await keeper.flush()
  expect(journey.held().draft.purpose).toBe('serve')
})

test('a save whose answer was lost overtakes nobody', async () => {
  const { journey, keeper, first } = opened()
  journey.fail('answer-lost')
  keeper.edited(selling(first))
  await expect(keeper.flush()).rejects.toMatchObject({ cause: { code: 'too-late' } })
  journey.fail('never')
  keeper.edited(serving(first))
  await keeper.flush()
  expect(keeper.now()).toMatchObject({ state: 'saved', error: null })
  expect(journey.held().draft.purpose).toBe('serve')
})

test('what is not saved is said to whoever needs it saved, and tried again', async () => {
  const { journey, keeper, first } = opened()
  journey.fail('unreachable')
  keeper.edited(selling(first))
  await expect(keeper.flush()).rejects.toMatchObject({ name: 'UnsavedError', cause: { code: 'unreachable' } })
  expect(keeper.now()).toMatchObject({ state: 'failed', error: { code: 'unreachable' } })
  journey.fail('never')
  await keeper.flush()
  expect(keeper.now()).toMatchObject({ state: 'saved', error: null })
})

test('what is edited while a save is under way is saved before the flush answers', async () => {
  const { journey, keeper, first } = opened()
  keeper.edited(selling(first))
  const flushing = keeper.flush()
  await Promise.resolve()
  keeper.edited(serving(first))
  await flushing
  expect([journey.held().draft.purpose, keeper.now().state]).toEqual(['serve', 'saved'])
})

test('a name is given in turn with the drafts, and takes no name that somebody else gave', async () => {
  const { journey, keeper, first } = opened()
  keeper.edited(selling(first))
  const saving = keeper.save()
  await keeper.rename('Left behind')
  await saving
  expect(journey.held()).toMatchObject({ name: 'Left behind', draft: { purpose: 'sell' } })
  journey.write(theirs(journey))
  await keeper.rename('Left behind again')
  expect(journey.held()).toMatchObject({ name: 'Left behind again', draft: { purpose: 'serve' } })
  journey.write({ name: 'Hers' })
  await expect(keeper.rename('Mine')).rejects.toMatchObject({ code: 'conflict' })
  expect(journey.held().name).toBe('Hers')
})
