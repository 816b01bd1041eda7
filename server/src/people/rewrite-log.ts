import { setImmediate as yieldToOthers } from 'node:timers/promises'
import {
  blankEvents,
  decodeBatch,
  encodeBatch,
  type JsonValue,
  rawEventsOf,
  readLogBatches,
  replacePayloads,
  type StoredBatch,
} from '../collect/index.ts'
import { checkLease, type Turn } from '../jobs/index.ts'
import type { Position } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { type ErasureRow, noteScanned } from './erasure-store.ts'
import type { Identifier } from './identifiers.ts'
import { namesAny, namesSubject } from './tombstones.ts'
import { deleteQuarantined, readVerdictsAfter, replaceVerdicts, type StoredVerdicts } from './verdict-store.ts'
import { decodeVerdicts, encodeVerdicts, mayConcern, type Verdict } from './verdicts.ts'

const verdictsAtOnce = 200
/** Batches are read, taken apart and put together on the thread that serves the other stages, too. */
const mostBatchesTaken = 25

/** Whose events are looked for. */
interface Sought {
  readonly subjects: ReadonlySet<string>
  readonly identifiers: readonly Identifier[]
}

/**
 * One slice of the log without the events of people who were erased. Which batches hold some is seen in the verdicts: events
 * that are theirs, and, to be looked into, events that are nobody's (duplicates, quarantined ones). Answers whether the end
 * was reached. What is left of a batch keeps its place, its bytes and its verdicts.
 */
export const rewriteSlice = async (
  postgres: Postgres,
  turn: Turn,
  erasures: readonly ErasureRow[],
  range: { readonly after: Position; readonly below: Position },
): Promise<{ readonly isEnd: boolean }> => {
  const { workspaceId } = turn
  const sought: Sought = {
    subjects: new Set(erasures.flatMap(({ personIds }) => personIds)),
    identifiers: erasures.flatMap(({ identifiers }) => identifiers),
  }
  const page = { ...range, limit: verdictsAtOnce }
  const stored = await postgres.inWorkspace(workspaceId, (tx) => readVerdictsAfter(tx, workspaceId, page))
  const mayBeHers = stored.filter(({ verdicts }) => mayConcern(verdicts, sought.subjects)).slice(0, mostBatchesTaken)
  const isCut = mayBeHers.length === mostBatchesTaken
  const to = (isCut ? mayBeHers : stored).at(-1)?.position ?? range.below
  const isEnd = !isCut && stored.length < verdictsAtOnce
  await postgres.inWorkspace(workspaceId, async (tx) => {
    const positions = mayBeHers.map(({ position }) => position)
    const verdictsOf = new Map(mayBeHers.map((each) => [each.position, each]))
    const rewritten: Rewritten[] = []
    for (const batch of await readLogBatches(tx, workspaceId, positions)) {
      const found = rewriteBatch(batch, verdictsOf.get(batch.position), sought)
      if (found) rewritten.push(found)
      await yieldToOthers()
    }
    await checkLease(tx, turn)
    await replaceAll(tx, turn, rewritten)
    const events = rewritten.reduce((sum, { gone }) => sum + gone.length, 0)
    const ids = erasures.map(({ erasureId }) => erasureId)
    await noteScanned(tx, workspaceId, ids, { to: isEnd ? range.below : to, batches: rewritten.length, events })
  })
  return { isEnd }
}

interface Rewritten extends Pick<StoredBatch, 'position' | 'storedOn' | 'payload'> {
  readonly verdicts: Buffer
  /** Indices of the events that are no more. */
  readonly gone: readonly number[]
}

const replaceAll = async (tx: Tx, { workspaceId }: Turn, rewritten: readonly Rewritten[]): Promise<void> => {
  await replacePayloads(tx, workspaceId, rewritten)
  await replaceVerdicts(tx, workspaceId, rewritten)
  await deleteQuarantined(
    tx,
    workspaceId,
    rewritten.flatMap(({ position, gone }) => gone.map((eventIndex) => ({ position, eventIndex }))),
  )
}

/** Null when nothing in it is theirs, or what was is gone already. */
export const rewriteBatch = (
  batch: StoredBatch,
  stored: StoredVerdicts | undefined,
  sought: Sought,
): Rewritten | null => {
  if (stored === undefined) return null
  const requests = decodeBatch(batch.payload)
  const verdicts = decodeVerdicts(stored.verdicts)
  const raws = requests.flatMap(rawEventsOf)
  const gone = raws.flatMap((raw, index) => (isHers(raw, verdicts[index], sought) ? [index] : []))
  if (gone.length === 0) return null
  const isGone = new Set(gone)
  return {
    position: batch.position,
    storedOn: batch.storedOn,
    payload: encodeBatch(blankEvents(requests, (index) => isGone.has(index))),
    verdicts: encodeVerdicts(
      verdicts.map((verdict, index) => (isGone.has(index) ? { kind: 'erased', subjectId: null } : verdict)),
    ),
    gone,
  }
}

const isHers = (raw: JsonValue, verdict: Verdict | undefined, { subjects, identifiers }: Sought): boolean => {
  if (raw === null || verdict === undefined) return false
  if (verdict.kind === 'erased') return true
  if (verdict.subjectId !== null) return subjects.has(verdict.subjectId)
  return verdict.kind !== 'system' && (namesSubject(raw, subjects) || namesAny(raw, identifiers))
}
