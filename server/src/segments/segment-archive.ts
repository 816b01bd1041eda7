import type { Segment, SegmentInput, UseOfIt } from '@baton/contract'
import { notFound, UserError } from '../http/index.ts'
import type { SegmentId, WorkspaceId } from '../kernel/index.ts'
import { historyPage, refuseInUse, trashBegins, trashOf } from '../workspaces/index.ts'
import { segmentIdOf, segmentRuleKey } from './rule-key.ts'
import { loadRules } from './rule-store.ts'
import { referencesOf } from './rule-tree.ts'
import { nextWorld } from './rule-versions.ts'
import type { Asker, SegmentDeskDeps } from './segment-desk.ts'
import {
  allSegments,
  deleteSegment,
  forgetVersions,
  listTrash,
  listVersions,
  nameTaken,
  readVersion,
  type SegmentRow,
  undeleteSegment,
} from './segment-store.ts'
import { segmentWords } from './segment-words.ts'

/** What the desk does with segments as they are. */
interface Desk {
  find(workspaceId: WorkspaceId, segmentId: SegmentId): Promise<SegmentRow>
  save(by: Asker, segmentId: SegmentId | null, input: SegmentInput, restored?: number): Promise<Segment>
  describeOne(workspaceId: WorkspaceId, row: SegmentRow): Promise<Segment>
}

/** What segments were: their versions, and the trash. */
export const createSegmentArchive = (deps: SegmentDeskDeps, { find, save, describeOne }: Desk) => {
  const { postgres, segments } = deps

  /** Rules that ask for it, by what they belong to. */
  const usesOf = async (workspaceId: WorkspaceId, segmentId: SegmentId): Promise<readonly UseOfIt[]> => {
    const ruleKey = segmentRuleKey(segmentId)
    const { rules, all } = await postgres.inWorkspace(workspaceId, async (tx) => ({
      rules: await loadRules(tx, workspaceId),
      all: await allSegments(tx, workspaceId),
    }))
    const asking = [...nextWorld(rules).values()].filter(({ definition }) => referencesOf(definition).has(ruleKey))
    const journeyIds = [
      ...new Set(asking.flatMap((rule) => (rule.ownerKind === 'journey' ? journeyOf(rule.ruleKey) : []))),
    ]
    const journeys = await deps.journeyNames(workspaceId, journeyIds)
    return [
      ...asking.flatMap((rule): readonly UseOfIt[] => {
        if (rule.ownerKind === 'journey') return []
        const id = segmentIdOf(rule.ruleKey) ?? rule.ruleKey
        const name = all.find((each) => each.segmentId === id)?.name ?? id
        return [{ kind: rule.ownerKind, id, name }]
      }),
      ...journeyIds.map((id) => ({ kind: 'journey' as const, id, name: journeys.get(id) ?? id })),
    ]
  }

  return {
    versions: async (
      workspaceId: WorkspaceId,
      segmentId: SegmentId,
      page: { before: number | null; limit: number },
    ) => {
      await find(workspaceId, segmentId)
      return postgres.inWorkspace(workspaceId, async (tx) => {
        const names = new Map<string, string>(
          (await allSegments(tx, workspaceId)).map((each) => [each.segmentId, each.name]),
        )
        const rows = await listVersions(tx, workspaceId, segmentId, { ...page, limit: page.limit + 1 })
        return historyPage(
          tx,
          rows,
          page.limit,
          segmentWords((id) => names.get(id) ?? id),
        )
      })
    },
    /** Saves what it was once as it is now; nothing of its history changes. */
    restore: async (by: Asker, segmentId: SegmentId, version: number) => {
      const kept = await postgres.inWorkspace(by.workspaceId, (tx) =>
        readVersion(tx, by.workspaceId, segmentId, version),
      )
      if (kept === null) throw notFound('version of this segment')
      const { name, description, definition } = kept
      return save(by, segmentId, { name, description, rule: definition }, version)
    },
    /** Into the trash, unless something asks for it. */
    remove: async ({ workspaceId, actor }: Asker, segmentId: SegmentId): Promise<void> => {
      const row = await find(workspaceId, segmentId)
      refuseInUse(await usesOf(workspaceId, segmentId))
      const at = await deps.domainNow(workspaceId)
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await segments.retireRule(tx, workspaceId, segmentRuleKey(segmentId), at)
        await deleteSegment(tx, workspaceId, segmentId, at, actor)
        const detail = { name: row.name }
        await deps.audit(tx, { workspaceId, actor, action: 'segment.deleted', object: segmentId, detail })
      })
    },
    trash: async (workspaceId: WorkspaceId) => {
      const after = trashBegins(await deps.domainNow(workspaceId))
      return postgres.inWorkspace(workspaceId, async (tx) => trashOf(tx, await listTrash(tx, workspaceId, after)))
    },
    /** Out of the trash: counted anew, so nobody enters a journey by it. */
    takeBack: async ({ workspaceId, actor }: Asker, segmentId: SegmentId): Promise<Segment> => {
      const at = await deps.domainNow(workspaceId)
      const row = await postgres.inWorkspace(workspaceId, async (tx) => {
        const named = await nameTaken(tx, workspaceId, segmentId)
        if (named !== null)
          throw new UserError('conflict', `There is a segment named “${named}” already.`, {
            remedy: 'Give that one another name, then restore this one.',
          })
        const back = await undeleteSegment(tx, workspaceId, segmentId, trashBegins(at))
        if (back === null) throw notFound('segment in the trash')
        const rule = { ruleKey: segmentRuleKey(segmentId), ownerKind: 'segment' as const, rule: back.definition, at }
        await segments.putRule(tx, workspaceId, rule)
        const detail = { name: back.name }
        await deps.audit(tx, { workspaceId, actor, action: 'segment.taken-back', object: segmentId, detail })
        return back
      })
      return describeOne(workspaceId, row)
    },
    tend: async (workspaceId: WorkspaceId): Promise<void> => {
      const before = trashBegins(await deps.domainNow(workspaceId))
      await postgres.inWorkspace(workspaceId, (tx) => forgetVersions(tx, workspaceId, before))
    },
  }
}

/** Of a rule in a journey, `journey:<id>:v<version>:…`, the journey. */
const journeyOf = (ruleKey: string): readonly string[] => {
  const [, id] = ruleKey.split(':')
  return id === undefined ? [] : [id]
}
