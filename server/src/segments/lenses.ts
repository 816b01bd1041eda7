import type { TimelineItem } from '@baton/contract'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../http/index.ts'
import { brandAs, type PersonId } from '../kernel/index.ts'
import type { PersonLenses, TimelineSource } from '../people/index.ts'
import type { Postgres } from '../stores/index.ts'
import type { Memberships } from './memberships.ts'
import { segmentIdOf, segmentRuleKey } from './rule-key.ts'
import { allSegments } from './segment-store.ts'
import { changesOfPersons, lastEntries } from './tick-store.ts'

interface LensDeps {
  readonly postgres: Postgres
  readonly memberships: Memberships
}

/** The segments one person is in, with since when; for her page. */
export const segmentsLens =
  ({ postgres, memberships }: LensDeps): NonNullable<PersonLenses['segmentsOf']> =>
  async (workspaceId, personId) => {
    const all = await postgres.inWorkspace(workspaceId, (tx) => allSegments(tx, workspaceId))
    const keys = all.map(({ segmentId }) => segmentRuleKey(segmentId))
    const held = (await memberships.holds(workspaceId, keys, [personId])).get(personId) ?? new Set<string>()
    const mine = all.filter(({ segmentId }) => held.has(segmentRuleKey(segmentId)))
    return postgres.inWorkspace(workspaceId, async (tx) => {
      const found: { segmentId: string; name: string; since: number | null }[] = []
      for (const { segmentId, name } of mine) {
        const entries = await lastEntries(tx, workspaceId, segmentRuleKey(segmentId), [personId])
        found.push({ segmentId, name, since: entries.get(personId)?.at ?? null })
      }
      return found
    })
  }

const personCursor = z.tuple([z.uuid()])

/** One page of a segment's people, for the list of people. */
export const segmentMembersLens =
  ({ memberships }: LensDeps) =>
  async (
    workspaceId: Parameters<NonNullable<PersonLenses['membersOf']>>[0],
    segmentId: string,
    page: { cursor: string | undefined; limit: number },
  ): Promise<{ persons: readonly PersonId[]; next: string | null; total: number }> => {
    const ruleKey = segmentRuleKey(segmentId)
    const after = decodeCursor(personCursor, page.cursor)
    const rows = await memberships.membersOf(workspaceId, ruleKey, {
      after: after === null ? null : brandAs<PersonId>(after[0]),
      limit: page.limit + 1,
    })
    const persons = rows.slice(0, page.limit)
    const last = persons.at(-1)
    const { byRule } = await memberships.counts(workspaceId, [ruleKey])
    return {
      persons,
      next: rows.length > page.limit && last !== undefined ? encodeCursor([last]) : null,
      total: byRule.get(ruleKey) ?? 0,
    }
  }

const causes = {
  behaviour: 'by what she did',
  time: 'by the passing of time',
  'rule-changed': 'because the rule was changed',
  merged: 'because two people turned out to be one',
} as const

/** Coming into and leaving segments, on a person's timeline. */
export const segmentTimeline = ({ postgres }: Pick<LensDeps, 'postgres'>): TimelineSource => ({
  kind: 'segment',
  read: async (workspaceId, { subjects }, page) =>
    postgres.inWorkspace(workspaceId, async (tx) => {
      const names = new Map(
        (await allSegments(tx, workspaceId)).map(({ segmentId, name }) => [String(segmentId), name]),
      )
      const changes = await changesOfPersons(tx, workspaceId, subjects, page)
      return changes.flatMap((change): readonly TimelineItem[] => {
        const segmentId = segmentIdOf(change.ruleKey)
        const name = segmentId === null ? undefined : names.get(segmentId)
        if (segmentId === null || name === undefined) return []
        return [
          {
            id: `segment:${change.seq}`,
            at: change.at,
            kind: 'segment',
            title: `${change.entered ? 'Came into' : 'Went out of'} ${name}`,
            detail: causes[change.cause],
            link: `/segments/${segmentId}`,
            data: { segmentId, entered: change.entered, cause: change.cause, knownAt: change.knownAt },
          },
        ]
      })
    }),
})
