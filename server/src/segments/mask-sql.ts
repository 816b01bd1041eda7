import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, ClickHousePool, ClickHouseSettings } from '../stores/index.ts'
import { compileRules, type RuleQuery, ruleQuerySettings, type SlottedRule } from './compile-rules.ts'
import type { MaskRow, MaskState, Words } from './mask.ts'
import { personWhere, type QueryScope, scopeParams } from './query-scope.ts'
import { never } from './sql-scope.ts'

/** A person whose mask or next change is not what ClickHouse holds. */
export interface MaskDifference {
  readonly personId: PersonId
  /** False: she is no more. */
  readonly present: boolean
  /** False: she was not known before. */
  readonly known: boolean
  readonly words: Words
  readonly oldWords: Words
  readonly leaves: Words
  readonly nextChangeAt: Instant
  readonly oldNextChangeAt: Instant
}

/** Evaluates all rules for some people in one query and answers with those for whom something is different. */
export const findDifferencesAtOnce = async (
  clickhouse: ClickHouse,
  rules: readonly SlottedRule[],
  query: RuleQuery,
  settings: ClickHouseSettings = {},
): Promise<{ differences: readonly MaskDifference[]; leafConditions: readonly object[] }> => {
  const compiled = compileRules(rules, query)
  const differences = await clickhouse.query<MaskDifference>({
    sql: `select toString(if(n.present, n.person_id, o.person_id)) as personId, n.present as present, o.known as known,
        n.words as words, o.words as oldWords, n.leaves as leaves,
        n.next_change_at as nextChangeAt, o.next_change_at as oldNextChangeAt
      from (select person_id, words, leaves, next_change_at, true as present from (${compiled.sql})) as n
      full outer join (
        select person_id, words, next_change_at, true as known from rule_mask final
        where workspace_id = {workspaceId:UUID} and not gone${personWhere(query.scope)}
      ) as o on n.person_id = o.person_id
      where n.present != o.known or n.words != o.words or n.next_change_at != o.next_change_at`,
    params: compiled.params,
    settings: { ...ruleQuerySettings, ...settings },
    pool: 'tick',
  })
  return { differences, leafConditions: compiled.leafConditions }
}

/** What rules say of each of some people, whatever their masks are. */
export const findMasks = async (
  clickhouse: ClickHouse,
  rules: readonly SlottedRule[],
  query: RuleQuery,
  settings: ClickHouseSettings = {},
): Promise<{
  people: readonly (MaskState & { readonly personId: PersonId; readonly leaves: Words })[]
  leafConditions: readonly object[]
}> => {
  const compiled = compileRules(rules, query)
  const people = await clickhouse.query<MaskState & { personId: PersonId; leaves: Words }>({
    sql: `select toString(person_id) as personId, words, leaves, next_change_at as nextChangeAt from (${compiled.sql})`,
    params: compiled.params,
    settings: { ...ruleQuerySettings, ...settings },
    pool: 'tick',
  })
  return { people, leafConditions: compiled.leafConditions }
}

/**
 * Writes a tick's masks. Writing them again changes nothing: the version is the tick's number. Without a deduplication
 * token: a token remembered for rows that a power cut took would keep them away for ever.
 */
export const insertMasks = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  tick: number,
  rows: readonly MaskRow[],
): Promise<void> => {
  if (rows.length === 0) return
  const lines = rows.map(
    ({ personId, words, nextChangeAt, gone }) =>
      `["${workspaceId}","${personId}",[${words.join(',')}],${nextChangeAt},${gone},${tick}]`,
  )
  await clickhouse.insert({
    table: 'rule_mask',
    columns: ['workspace_id', 'person_id', 'words', 'next_change_at', 'gone', 'version'],
    format: 'JSONCompactEachRow',
    rows: lines.join('\n'),
    pool: 'tick',
  })
}

/** Who is due in a stretch of time, and when the next one is after it, as of the newest tick. */
export interface Due {
  readonly persons: readonly PersonId[]
  readonly next: Instant | null
}

/** People whose next change came in (after, upTo], and the earliest after that (perhaps one that newer facts moved). */
export const findDue = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  range: { after: Instant; upTo: Instant; limit: number },
): Promise<Due> => {
  const rows = await clickhouse.query<{ personId: PersonId | ''; next: number | null }>({
    sql: `select * from (select toString(person_id) as personId, cast(null, 'Nullable(Int64)') as next from rule_mask final
      where workspace_id = {workspaceId:UUID} and next_change_at <= {upTo:Int64} and not gone and person_id in (
        select person_id from rule_mask where workspace_id = {workspaceId:UUID}
          and next_change_at > {after:Int64} and next_change_at <= {upTo:Int64})
      limit {limit:UInt32})
      union all
      select '' as personId, minOrNull(next_change_at) as next from rule_mask
      where workspace_id = {workspaceId:UUID} and next_change_at > {upTo:Int64} and next_change_at < ${never}`,
    params: { workspaceId, ...range },
    pool: 'tick',
  })
  return {
    persons: rows.flatMap(({ personId }) => (personId === '' ? [] : [personId])),
    next: rows.find(({ personId }) => personId === '')?.next ?? null,
  }
}

/** The earliest next change after an instant (perhaps one that newer facts moved); null when there is none. */
export const findNextDue = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  after: Instant,
): Promise<Instant | null> => {
  const rows = await clickhouse.query<{ due: number | null }>({
    sql: `select minOrNull(next_change_at) as due from rule_mask
      where workspace_id = {workspaceId:UUID} and next_change_at > {after:Int64} and next_change_at < ${never}`,
    params: { workspaceId, after },
    pool: 'tick',
  })
  return rows[0]?.due ?? null
}

/** The last person of the next slice of so many after `after`; null when the rest is smaller. */
export const findSliceEnd = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  after: PersonId | null,
  size: number,
): Promise<PersonId | null> => {
  const rows = await clickhouse.query<{ personId: PersonId }>({
    sql: `select toString(person_id) as personId from person
      where workspace_id = {workspaceId:UUID}${after === null ? '' : ' and person_id > {after:UUID}'}
      order by person_id limit 1 by person_id limit 1 offset {skip:UInt32}`,
    params: { workspaceId, skip: size - 1, ...(after === null ? {} : { after }) },
    pool: 'tick',
  })
  return rows[0]?.personId ?? null
}

/** How many people there are, about: those written anew since parts were merged count again. */
export const countPeople = async (clickhouse: ClickHouse, workspaceId: WorkspaceId): Promise<number> => {
  const rows = await clickhouse.query<{ people: number }>({
    sql: 'select toUInt64(count()) as people from person where workspace_id = {workspaceId:UUID}',
    params: { workspaceId },
    pool: 'tick',
  })
  return Number(rows[0]?.people ?? 0)
}

/** Masks of people, as last written. */
export const readMasks = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  scope: QueryScope,
  pool: ClickHousePool = 'serve',
): Promise<ReadonlyMap<PersonId, MaskState>> => {
  if (scope.kind === 'persons' && scope.persons.length === 0) return new Map()
  const rows = await clickhouse.query<MaskState & { personId: PersonId }>({
    sql: `select toString(person_id) as personId, words, next_change_at as nextChangeAt from rule_mask final
      where workspace_id = {workspaceId:UUID} and not gone${personWhere(scope)}`,
    params: { workspaceId, ...scopeParams(scope) },
    pool,
  })
  return new Map(rows.map(({ personId, words, nextChangeAt }) => [personId, { words, nextChangeAt }]))
}

/** How many people each slot holds for, and how many there are. */
export const countSlots = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  slots: readonly number[],
): Promise<{ people: number; bySlot: ReadonlyMap<number, number> }> => {
  const counts = slots.map((slot) => `countIf(${slotSql(slot)})`)
  const rows = await clickhouse.query<{ people: number; counts: number[] }>({
    sql: `select count() as people, [${['0', ...counts].map((each) => `toUInt64(${each})`).join(', ')}] as counts
      from rule_mask final where workspace_id = {workspaceId:UUID} and not gone`,
    params: { workspaceId },
  })
  const row = rows[0]
  return {
    people: Number(row?.people ?? 0),
    bySlot: new Map(slots.map((slot, index) => [slot, Number(row?.counts[index + 1] ?? 0)])),
  }
}

/** One page of the people a slot holds for, in ClickHouse's order of ids. */
export const pageOfSlot = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  slot: number,
  page: { after: PersonId | null; limit: number },
): Promise<readonly PersonId[]> => {
  const rows = await clickhouse.query<{ personId: PersonId }>({
    sql: `select toString(person_id) as personId from rule_mask final
      where workspace_id = {workspaceId:UUID} and not gone and ${slotSql(slot)}
        ${page.after === null ? '' : 'and person_id > {after:UUID}'}
      order by person_id limit {limit:UInt32}`,
    params: { workspaceId, limit: page.limit, ...(page.after === null ? {} : { after: page.after }) },
  })
  return rows.map(({ personId }) => personId)
}

/** People for whom some pair of slots (old, new) differs, after `after` in order of id; null for a side that is not. */
export const pageOfSwapped = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  pairs: readonly { oldSlot: number | null; newSlot: number | null }[],
  page: { after: PersonId | null; limit: number },
): Promise<readonly { personId: PersonId; words: Words }[]> => {
  const differs = pairs.map(({ oldSlot, newSlot }) => `(${sideSql(oldSlot)} != ${sideSql(newSlot)})`)
  return clickhouse.query<{ personId: PersonId; words: Words }>({
    sql: `select toString(person_id) as personId, words from rule_mask final
      where workspace_id = {workspaceId:UUID} and not gone and (${['0', ...differs].join(' or ')})
        ${page.after === null ? '' : 'and person_id > {after:UUID}'}
      order by person_id limit {limit:UInt32}`,
    params: { workspaceId, limit: page.limit, ...(page.after === null ? {} : { after: page.after }) },
    pool: 'tick',
  })
}

const sideSql = (slot: number | null): string => (slot === null ? '0' : slotSql(slot))
/** Slots are small integers of our own making. Words that a mask lacks are 0. */
const slotSql = (slot: number): string => `bitTest(words[${Math.floor(slot / 32) + 1}], ${slot % 32})`

/** Takes erased people's masks out of every part that holds some; resolves when they are gone. */
export const deleteErasedMasks = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<void> => {
  await clickhouse.command({
    sql: `alter table rule_mask delete
      where workspace_id = {workspaceId:UUID} and person_id in {ids:Array(UUID)}`,
    params: { workspaceId, ids },
    settings: { mutations_sync: '2' },
    pool: 'long',
  })
}
