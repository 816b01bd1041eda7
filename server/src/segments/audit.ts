import { type PersonId, RetryableError, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { findDifferences } from './find-differences.ts'
import { hasSlot } from './mask.ts'
import { countPeople, type MaskDifference, pageOfSlot } from './mask-sql.ts'
import { loadRules } from './rule-store.ts'
import { type RuleVersion, slottedRules } from './rule-versions.ts'
import { changesAfter, readTick } from './tick-store.ts'

/** What was compared, and whatever did not agree. */
export interface MembershipAudit {
  readonly people: number
  readonly changes: number
  /** A sentence each; empty when all is well. */
  readonly wrong: readonly string[]
}

const changesAtOnce = 50_000
const membersAtOnce = 50_000

interface AuditedStores {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
}

/**
 * Compares three things that must agree when no facts are under way: everybody's facts looked at anew by all rules as of the
 * last tick, the masks that ticks wrote, and the changes they told. `batch` is the projected one. A tick of time that comes
 * in between makes it begin anew.
 */
export const auditMemberships = async (
  stores: AuditedStores,
  workspaceId: WorkspaceId,
  batch: number,
): Promise<MembershipAudit> => {
  for (let attempt = 1; ; attempt += 1) {
    const audit = await auditOnce(stores, workspaceId, batch)
    if (audit !== null) return audit
    if (attempt >= mostAttempts) throw new RetryableError('Ticks come too fast for an audit of memberships', 1_000)
  }
}
const mostAttempts = 100

const standingOf = ({ postgres }: AuditedStores, workspaceId: WorkspaceId) =>
  postgres.inWorkspace(workspaceId, async (tx) => ({
    rules: await loadRules(tx, workspaceId),
    state: await readTick(tx, workspaceId),
  }))

/** Null: a tick came in between, or is not written yet. */
const auditOnce = async (
  stores: AuditedStores,
  workspaceId: WorkspaceId,
  batch: number,
): Promise<MembershipAudit | null> => {
  const { rules, state } = await standingOf(stores, workspaceId)
  const scope = { kind: 'everybody' } as const
  const { differences } = await findDifferences(stores.clickhouse, slottedRules(rules), {
    workspaceId,
    now: state.now,
    batch,
    scope,
  })
  const told = await auditChanges(stores, workspaceId, rules)
  const after = await standingOf(stores, workspaceId)
  if (state.masks !== null || after.state.number !== state.number) return null
  return {
    people: await countPeople(stores.clickhouse, workspaceId),
    changes: told.changes,
    wrong: [...wrongAmong(differences, rules), ...told.wrong],
  }
}

/** What a rule that is no more left in a mask (its bit, an earlier look) is no mistake. */
export const wrongAmong = (
  differences: readonly MaskDifference[],
  rules: readonly Pick<RuleVersion, 'slot' | 'ruleKey'>[],
): readonly string[] =>
  differences.flatMap(({ personId, present, known, words, oldWords, nextChangeAt, oldNextChangeAt }) => {
    if (present !== known) return [`${personId} is ${present ? 'not known to the masks' : 'no more, and has a mask'}`]
    const late = oldNextChangeAt > nextChangeAt ? [`${personId} would be looked at too late`] : []
    const ruled = rules
      .filter(({ slot }) => hasSlot(words, slot) !== hasSlot(oldWords, slot))
      .map(({ ruleKey, slot }) => `${personId} should ${hasSlot(words, slot) ? '' : 'not '}be in ${ruleKey}`)
    return [...late, ...ruled]
  })

/** Nobody enters twice or leaves twice, and who is in by her changes is in by her mask. */
const auditChanges = async (
  { postgres, clickhouse }: AuditedStores,
  workspaceId: WorkspaceId,
  rules: readonly RuleVersion[],
): Promise<{ changes: number; wrong: readonly string[] }> => {
  const inside = new Map<string, Set<PersonId>>()
  const wrong: string[] = []
  let changes = 0
  for (let seq = 0; ; ) {
    const read = await postgres.inWorkspace(workspaceId, (tx) => changesAfter(tx, workspaceId, seq, changesAtOnce))
    for (const { ruleKey, personId, entered } of read) {
      const members = inside.get(ruleKey) ?? new Set()
      inside.set(ruleKey, members)
      if (members.has(personId) === entered)
        wrong.push(`${personId} ${entered ? 'entered' : 'left'} ${ruleKey} twice in a row`)
      if (entered) members.add(personId)
      else members.delete(personId)
    }
    changes += read.length
    seq = read.at(-1)?.seq ?? seq
    if (read.length < changesAtOnce) break
  }
  for (const { ruleKey, slot, state } of rules) {
    const told = inside.get(ruleKey)
    if (state !== 'live' || told === undefined) continue
    const masked = await membersOf(clickhouse, workspaceId, slot)
    for (const personId of masked.difference(told)) wrong.push(`${personId} is in ${ruleKey} and never entered`)
    for (const personId of told.difference(masked)) wrong.push(`${personId} entered ${ruleKey} and is not in it`)
  }
  return { changes, wrong }
}

const membersOf = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  slot: number,
): Promise<ReadonlySet<PersonId>> => {
  const members = new Set<PersonId>()
  for (let after: PersonId | null = null; ; ) {
    const page: readonly PersonId[] = await pageOfSlot(clickhouse, workspaceId, slot, { after, limit: membersAtOnce })
    for (const personId of page) members.add(personId)
    after = page.at(-1) ?? null
    if (page.length < membersAtOnce) return members
  }
}
