import type {
  MembershipChangeItem,
  Segment,
  SegmentChange,
  SegmentInput,
  SegmentPreview,
  SegmentPreviewInput,
  Why,
} from '@baton/contract'
import { notFound, UserError } from '../http/index.ts'
import { type Clock, type Instant, newId, type PersonId, type SegmentId, type WorkspaceId } from '../kernel/index.ts'
import { emailOf, type People, titleOf } from '../people/index.ts'
import type { ClickHouse, Postgres, Tx } from '../stores/index.ts'
import { changedSince } from '../workspaces/index.ts'
import type { Segments } from './index.ts'
import { countPreview } from './preview-sql.ts'
import { segmentIdOf, segmentRuleKey } from './rule-key.ts'
import { loadRules } from './rule-store.ts'
import { nodesOf, referencesOf } from './rule-tree.ts'
import { nextWorld, planPut, type RuleVersion, resolveReferences, slottedRules, versionKey } from './rule-versions.ts'
import { createSegmentArchive } from './segment-archive.ts'
import { allSegments, keepVersion, lockSegment, readSegment, type SegmentRow, writeSegment } from './segment-store.ts'
import { changesOf, lastEntries, type MembershipChange } from './tick-store.ts'

export interface SegmentDeskDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  /** Machine time, for how long a preview took. */
  readonly clock: Clock
  readonly segments: Segments
  readonly people: Pick<People, 'get' | 'projected'>
  readonly domainNow: (workspaceId: WorkspaceId) => Promise<Instant>
  /** How many of these can be written to: policy, which stands below, decides. */
  readonly reachableByEmail: (workspaceId: WorkspaceId, personIds: readonly PersonId[]) => Promise<number>
  /** Of how many people that is asked in a preview at most. */
  readonly askedForReach?: number
  /** Names of journeys, which stand below; for saying what asks for a segment. */
  readonly journeyNames: (workspaceId: WorkspaceId, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly audit: (
    tx: Tx,
    entry: {
      workspaceId: WorkspaceId
      actor: string
      action: string
      object: string
      detail: { readonly name: string; readonly version?: number }
    },
  ) => Promise<void>
}

/** The share among so many is within 2.2 % of that among all, 95 times in 100; more would make the count wait. */
const askedForReach = 2_000

/** Who asks. */
export interface Asker {
  readonly workspaceId: WorkspaceId
  readonly actor: string
}

/** What people do with segments: save, look, preview, ask why. */
export const createSegmentDesk = (deps: SegmentDeskDeps) => {
  const { postgres, segments } = deps

  const find = async (workspaceId: WorkspaceId, segmentId: SegmentId): Promise<SegmentRow> => {
    const row = await postgres.inWorkspace(workspaceId, (tx) => readSegment(tx, workspaceId, segmentId))
    if (row === null) throw notFound('segment')
    return row
  }

  const describe = async (workspaceId: WorkspaceId, rows: readonly SegmentRow[]): Promise<readonly Segment[]> => {
    const { rules, all } = await postgres.inWorkspace(workspaceId, async (tx) => ({
      rules: await loadRules(tx, workspaceId),
      all: await allSegments(tx, workspaceId),
    }))
    const keys = rows.map(({ segmentId }) => segmentRuleKey(segmentId))
    const { byRule } = await segments.counts(workspaceId, keys)
    return rows.map((row) => describeSegment(row, { rules, all, byRule }))
  }

  const describeOne = async (workspaceId: WorkspaceId, row: SegmentRow): Promise<Segment> => {
    const [segment] = await describe(workspaceId, [row])
    if (segment === undefined) throw notFound('segment')
    return segment
  }

  /** `restored`: the version of its own that it is made like again. */
  const save = async (
    { workspaceId, actor }: Asker,
    segmentId: SegmentId | null,
    input: SegmentChange,
    restored?: number,
  ) => {
    const at = await deps.domainNow(workspaceId)
    const row = await postgres.inWorkspace(workspaceId, async (tx) => {
      const before = segmentId === null ? null : await lockSegment(tx, workspaceId, segmentId)
      if (segmentId !== null && before === null) throw notFound('segment')
      const { name, description, rule: definition, expectedUpdatedAt } = input
      if (before !== null && expectedUpdatedAt !== undefined && expectedUpdatedAt !== before.updatedAt)
        throw await changedSince(tx, 'segment', { by: before.savedBy, at: before.updatedAt })
      const row: SegmentRow = {
        segmentId: segmentId ?? newId<SegmentId>(),
        name,
        description,
        definition,
        createdAt: before?.createdAt ?? at,
        // Each change has its own, also where the workspace's clock stands.
        updatedAt: before === null ? at : Math.max(at, before.updatedAt + 1),
      }
      if (!(await writeSegment(tx, workspaceId, row)))
        throw new UserError('conflict', `There is a segment named “${input.name}” already.`, {
          remedy: 'Choose another name.',
        })
      const rule = { ruleKey: segmentRuleKey(row.segmentId), ownerKind: 'segment' as const, rule: input.rule, at }
      await segments.putRule(tx, workspaceId, rule)
      await keepVersion(tx, workspaceId, row, actor)
      const action =
        before === null ? 'segment.created' : restored === undefined ? 'segment.changed' : 'segment.restored'
      const detail = { name: row.name, ...(restored === undefined ? {} : { version: restored }) }
      await deps.audit(tx, { workspaceId, actor, action, object: row.segmentId, detail })
      return row
    })
    return describeOne(workspaceId, row)
  }

  const preview = async (workspaceId: WorkspaceId, input: SegmentPreviewInput): Promise<SegmentPreview> => {
    const startedAt = deps.clock.now()
    const versions = await postgres.inWorkspace(workspaceId, (tx) => loadRules(tx, workspaceId))
    const ruleKey = input.segmentId === undefined ? 'the rule in hand' : segmentRuleKey(input.segmentId)
    const plan = planPut(versions, [{ ruleKey, ownerKind: 'segment', rule: input.rule }], new Map())
    if (plan.kind === 'refused') throw new UserError('invalid-input', plan.message, { remedy: plan.remedy })
    const next = nextWorld(versions)
    const rule = resolveReferences(input.rule, (key) => {
      const asked = next.get(key)
      return asked === undefined ? null : versionKey(asked)
    })
    const live = versions.find((each) => each.ruleKey === ruleKey && each.state === 'live')
    const [{ batch }, now] = await Promise.all([deps.people.projected(workspaceId), deps.domainNow(workspaceId)])
    const counted = await countPreview(deps.clickhouse, rule, needed(versions, input.rule), {
      workspaceId,
      now,
      batch,
      scope: { kind: 'everybody' },
      memberSlot: live?.slot ?? null,
      sampleSize: deps.askedForReach ?? askedForReach,
    })
    const count = counted.counts[0] ?? 0
    const asked = counted.sample.length
    const [people, reached] = await Promise.all([
      deps.people.get(workspaceId, counted.examples),
      deps.reachableByEmail(workspaceId, counted.sample),
    ])
    return {
      count,
      total: counted.total,
      perCondition: nodesOf(input.rule).map(({ path }, index) => ({ path, count: counted.counts[index] ?? 0 })),
      reachable: { email: asked === 0 ? 0 : Math.round((count * reached) / asked), asked },
      examples: counted.examples.flatMap((personId) => {
        const person = people.get(personId)
        return person === undefined ? [] : [{ personId, label: titleOf(person), email: emailOf(person) }]
      }),
      entering: counted.entering,
      leaving: counted.leaving,
      tookMs: Math.max(0, Math.round(deps.clock.now() - startedAt)),
    }
  }

  const members = async (
    workspaceId: WorkspaceId,
    segmentId: SegmentId,
    page: { after: PersonId | null; limit: number },
  ) => {
    await find(workspaceId, segmentId)
    const ruleKey = segmentRuleKey(segmentId)
    const persons = await segments.membersOf(workspaceId, ruleKey, page)
    const people = await deps.people.get(workspaceId, persons)
    const entries = await postgres.inWorkspace(workspaceId, (tx) => lastEntries(tx, workspaceId, ruleKey, persons))
    return persons.map((personId) => {
      const person = people.get(personId)
      return {
        personId,
        label: person === undefined ? `Anonymous ${personId.slice(-6)}` : titleOf(person),
        email: person === undefined ? null : emailOf(person),
        since: entries.get(personId)?.at ?? null,
        cause: entries.get(personId)?.cause ?? null,
      }
    })
  }

  const changes = async (
    workspaceId: WorkspaceId,
    of: { segmentId: SegmentId; from?: Instant | undefined; to?: Instant | undefined },
    page: { before: number | null; limit: number },
  ): Promise<readonly MembershipChangeItem[]> => {
    await find(workspaceId, of.segmentId)
    const asked = { ruleKey: segmentRuleKey(of.segmentId), from: of.from, to: of.to }
    const rows = await postgres.inWorkspace(workspaceId, (tx) => changesOf(tx, workspaceId, asked, page))
    const people = await deps.people.get(workspaceId, [...new Set(rows.map(({ personId }) => personId))])
    return rows.map((row) => {
      const person = people.get(row.personId)
      return {
        ...changeItem(row),
        label: person === undefined ? 'merged into another person' : titleOf(person),
      }
    })
  }

  const why = async (workspaceId: WorkspaceId, personId: PersonId, segmentId: SegmentId): Promise<Why> => {
    await find(workspaceId, segmentId)
    const ruleKey = segmentRuleKey(segmentId)
    const { all, history } = await postgres.inWorkspace(workspaceId, async (tx) => ({
      all: await allSegments(tx, workspaceId),
      history: await changesOf(tx, workspaceId, { ruleKey, personId }, { before: null, limit: 50 }),
    }))
    const nameOf = (key: string) => all.find((each) => each.segmentId === segmentIdOf(key))?.name ?? key
    const explained = await segments.explain(workspaceId, personId, [ruleKey], nameOf)
    const trace = explained?.traces.get(ruleKey)
    const answer = explained?.answers.get(ruleKey)
    if (explained === null || trace === undefined || answer === undefined) throw notFound('person')
    const holds = await segments.holds(workspaceId, [ruleKey], [personId])
    return {
      personId,
      segmentId,
      holds: answer.holds,
      member: holds.get(personId)?.has(ruleKey) ?? false,
      nextChangeAt: answer.nextChangeAt,
      trace,
      history: history.map(changeItem),
      truncated: explained.truncated,
    }
  }

  return {
    find: async (workspaceId: WorkspaceId, segmentId: SegmentId) =>
      describeOne(workspaceId, await find(workspaceId, segmentId)),
    describe,
    /** Refused as a conflict, with who changed it, where it is no longer as it was at `expectedUpdatedAt`. */
    save: (by: Asker, segmentId: SegmentId | null, input: SegmentChange) => save(by, segmentId, input),
    ...createSegmentArchive(deps, { find, save, describeOne }),
    preview,
    members,
    changes,
    why,
  }
}
export type SegmentDesk = ReturnType<typeof createSegmentDesk>

/** The versions a rule asks for, and those they ask for. */
const needed = (versions: readonly RuleVersion[], rule: SegmentInput['rule']) => {
  const next = nextWorld(versions)
  const wanted = new Set<string>()
  const visit = (keys: Iterable<string>): void => {
    for (const key of keys) {
      const version = next.get(key)
      if (version === undefined || wanted.has(versionKey(version))) continue
      wanted.add(versionKey(version))
      visit(referencesOf(version.definition))
    }
  }
  visit(referencesOf(rule))
  return slottedRules([...next.values()]).filter(({ ruleKey }) => wanted.has(ruleKey))
}

const describeSegment = (
  row: SegmentRow,
  known: {
    rules: readonly RuleVersion[]
    all: readonly SegmentRow[]
    byRule: ReadonlyMap<string, number>
  },
): Segment => {
  const ruleKey = segmentRuleKey(row.segmentId)
  const mine = known.rules.filter((rule) => rule.ruleKey === ruleKey)
  const usedBy = known.all.filter(({ definition }) => referencesOf(definition).has(ruleKey))
  return {
    segmentId: row.segmentId,
    name: row.name,
    description: row.description,
    rule: row.definition,
    version: Math.max(1, ...mine.map(({ version }) => version)),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    count: known.byRule.get(ruleKey) ?? null,
    state: mine.some(({ state }) => state === 'counting') ? 'counting' : 'live',
    usedBy: usedBy.map(({ segmentId, name }) => ({ segmentId, name })),
  }
}

const changeItem = ({ seq, personId, entered, at, knownAt, cause, version, evidence }: MembershipChange) => ({
  seq: String(seq),
  personId,
  entered,
  at,
  knownAt,
  cause,
  version,
  evidence,
})
