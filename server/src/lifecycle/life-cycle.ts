import type {
  LifeCycleDefinition,
  LifeCycleDefinitionView,
  LifeCycleFlow,
  LifeCycleView,
  LostAfterView,
  PersonLifeCycle,
  StateDefinition,
  TrackDefinition,
  TrackKey,
} from '@baton/contract'
import { UserError } from '../http/index.ts'
import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import { missingOf, type Segments } from '../segments/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import type { AuditEntry, Workspace } from '../workspaces/index.ts'
import { defaultLifeCycle } from './default-tracks.ts'
import {
  deleteErased,
  endStates,
  insertDefinition,
  type MoveRow,
  pageOfState,
  readCounts,
  readDefinition,
  readFlows,
  readMoves,
  readStandings,
  type StoredDefinition,
} from './life-cycle-store.ts'
import { suggestLostAfter, withLostAfter } from './lost-after.ts'
import { withNeededTraits } from './needed-traits.ts'
import { readRepurchaseGaps } from './repurchase-gaps-store.ts'
import { seedStandings } from './seed-standings-store.ts'
import type { Standing } from './settle-states.ts'
import { definitionProblem, rulesOf, stateRuleKey } from './state-rules.ts'

export interface LifeCycleDeps {
  readonly postgres: Postgres
  readonly segments: Segments
  readonly people: Pick<People, 'get'>
  readonly workspaces: {
    get(workspaceId: WorkspaceId): Promise<Pick<Workspace, 'currency'>>
    domainNow(workspaceId: WorkspaceId): Promise<Instant>
    audit(tx: Tx, entry: AuditEntry): Promise<void>
  }
}

/** Where everybody stands on the three tracks, how they came there, and what the next step needs. */
export interface LifeCycle {
  /** Gives a new workspace the default tracks; does nothing where there are some. In the transaction that makes it. */
  begin(tx: Tx, workspaceId: WorkspaceId, at: Instant): Promise<void>
  definition(workspaceId: WorkspaceId): Promise<LifeCycleDefinitionView>
  /** A new version: changed rules are counted and swapped in. Throws a UserError for one that can't be. */
  redefine(workspaceId: WorkspaceId, definition: LifeCycleDefinition, actor: string): Promise<LifeCycleDefinitionView>
  /** After how long without an order somebody is lost, and the gaps to choose it by. */
  lostAfter(workspaceId: WorkspaceId): Promise<LostAfterView>
  /** Redefines with another number of days; throws a UserError where the track it is part of was changed. */
  loseAfter(workspaceId: WorkspaceId, days: number, actor: string): Promise<LifeCycleDefinitionView>
  /** Redefines with other traits to be Known by; throws a UserError where the track they are part of was changed. */
  needTraits(workspaceId: WorkspaceId, traits: readonly string[], actor: string): Promise<LifeCycleDefinitionView>
  view(workspaceId: WorkspaceId): Promise<LifeCycleView>
  flows(
    workspaceId: WorkspaceId,
    request: { track: TrackKey; from: Instant; to: Instant },
  ): Promise<readonly LifeCycleFlow[]>
  standingsOf(
    workspaceId: WorkspaceId,
    persons: readonly PersonId[],
  ): Promise<ReadonlyMap<PersonId, readonly Standing[]>>
  peopleIn(
    workspaceId: WorkspaceId,
    of: { track: string; state: string; atRisk: boolean | null },
    page: { after: PersonId | null; limit: number },
  ): ReturnType<typeof pageOfState>
  /** Takes erased people out of states, counts and moves; `ids` are their persons' and subjects'. */
  clearErased(tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]): Promise<void>
  /** Null when there is no such person. */
  person(workspaceId: WorkspaceId, personId: PersonId): Promise<PersonLifeCycle | null>
  movesOf(
    workspaceId: WorkspaceId,
    persons: readonly string[],
    page: { before: Instant | null; limit: number },
  ): Promise<readonly MoveRow[]>
}

export const createLifeCycle = (deps: LifeCycleDeps): LifeCycle => {
  const { postgres, segments } = deps

  const begin = async (tx: Tx, workspaceId: WorkspaceId, at: Instant): Promise<void> => {
    if ((await readDefinition(tx, workspaceId)) !== null) return
    const definition = defaultLifeCycle()
    await insertDefinition(tx, workspaceId, { version: 1, definition, createdAt: at, createdBy: 'baton' })
    await segments.putRules(tx, workspaceId, rulesOf(definition), at)
    await seedStandings(tx, workspaceId, definition, at)
  }

  /** A workspace that was made before life cycles gets the default when first asked. */
  const stored = async (workspaceId: WorkspaceId): Promise<StoredDefinition> => {
    const found = await postgres.inWorkspace(workspaceId, (tx) => readDefinition(tx, workspaceId))
    if (found !== null) return found
    const at = await deps.workspaces.domainNow(workspaceId)
    return postgres.inWorkspace(workspaceId, async (tx) => {
      await begin(tx, workspaceId, at)
      const made = await readDefinition(tx, workspaceId)
      if (made === null) throw new TypeError('The definition was just made')
      return made
    })
  }

  const redefine: LifeCycle['redefine'] = async (workspaceId, definition, actor) => {
    const before = await stored(workspaceId)
    const problem = definitionProblem(definition, before.definition)
    if (problem !== null) throw new UserError('invalid-input', problem, { remedy: 'Change the states and save again.' })
    const at = await deps.workspaces.domainNow(workspaceId)
    const next = { version: before.version + 1, definition, createdAt: at, createdBy: actor }
    await postgres.inWorkspace(workspaceId, async (tx) => {
      await insertDefinition(tx, workspaceId, next)
      const kept = new Set(rulesOf(definition).map(({ ruleKey }) => ruleKey))
      await segments.putRules(tx, workspaceId, rulesOf(definition), at)
      const gone = rulesOf(before.definition).filter(({ ruleKey }) => !kept.has(ruleKey))
      await segments.retireRules(
        tx,
        workspaceId,
        gone.map(({ ruleKey }) => ruleKey),
        at,
      )
      await endStates(tx, workspaceId, statesGone(before.definition, definition))
      await deps.workspaces.audit(tx, {
        workspaceId,
        actor,
        action: 'life-cycle.redefined',
        object: `life-cycle:${next.version}`,
        detail: { lostAfterDays: definition.lostAfterDays, neededTraits: definition.neededTraits },
      })
    })
    return viewOf(next)
  }

  const lostAfter: LifeCycle['lostAfter'] = async (workspaceId) => {
    const { definition } = await stored(workspaceId)
    const until = await deps.workspaces.domainNow(workspaceId)
    const gaps = await postgres.inWorkspace(workspaceId, (tx) => readRepurchaseGaps(tx, workspaceId, until))
    return { lostAfterDays: definition.lostAfterDays, gaps, suggestedDays: suggestLostAfter(gaps) }
  }

  const loseAfter: LifeCycle['loseAfter'] = async (workspaceId, days, actor) => {
    const { definition } = await stored(workspaceId)
    const changed = withLostAfter(definition, days)
    if (changed === null)
      throw new UserError('conflict', 'The states of Engagement and revenue were changed for this workspace', {
        remedy: 'Change the days in their rules and in lostAfterDays together: PUT /v1/life-cycle/definition.',
      })
    return redefine(workspaceId, changed, actor)
  }

  const needTraits: LifeCycle['needTraits'] = async (workspaceId, traits, actor) => {
    const { definition } = await stored(workspaceId)
    const changed = withNeededTraits(definition, traits)
    if (changed === null)
      throw new UserError('conflict', 'The states of Database record were changed for this workspace', {
        remedy: 'Change the traits in their rules and in neededTraits together: PUT /v1/life-cycle/definition.',
      })
    return redefine(workspaceId, changed, actor)
  }

  const view: LifeCycle['view'] = async (workspaceId) => {
    const { version, definition } = await stored(workspaceId)
    const asOf = await deps.workspaces.domainNow(workspaceId)
    const counts = await postgres.inWorkspace(workspaceId, (tx) => readCounts(tx, workspaceId))
    const countOf = (track: TrackKey, { state }: StateDefinition) =>
      counts.find((each) => each.track === track && each.state === state)
    return {
      version,
      asOf,
      people: counts.filter(({ track }) => track === 'identity').reduce((sum, { people }) => sum + people, 0),
      tracks: definition.tracks.map((track) => ({
        track: track.track,
        title: track.title,
        states: track.states.map((state) => ({
          state: state.state,
          title: state.title,
          phase: state.phase,
          meaning: state.meaning,
          count: countOf(track.track, state)?.people ?? 0,
          atRisk: countOf(track.track, state)?.atRisk ?? 0,
          ...(state.missing === undefined ? {} : { missing: state.missing }),
        })),
      })),
    }
  }

  const person: LifeCycle['person'] = async (workspaceId, personId) => {
    const facts = (await deps.people.get(workspaceId, [personId])).get(personId)
    if (facts === undefined) return null
    const { definition } = await stored(workspaceId)
    const { standings, moves } = await postgres.inWorkspace(workspaceId, async (tx) => ({
      standings: (await readStandings(tx, workspaceId, [personId])).get(personId) ?? [],
      moves: await readMoves(tx, workspaceId, facts.subjects, { before: null, limit: 200 }),
    }))
    const ladder = definition.tracks.map((track) => ({ track, ...placeOn(track, standings) }))
    const explained = await segments.explain(
      workspaceId,
      personId,
      ladder.flatMap(({ track, next }) => (next?.rule ? [stateRuleKey(track.track, next.state)] : [])),
      (ruleKey) => titleOfRule(definition, ruleKey),
    )
    return {
      personId,
      tracks: ladder.map(({ track, state, standing, next }) => {
        const move = moves.find((each) => each.track === track.track && each.to === state.state)
        const trace = next === null ? null : (explained?.traces.get(stateRuleKey(track.track, next.state)) ?? null)
        return {
          track: track.track,
          state: state.state,
          title: state.title,
          phase: state.phase,
          since: standing?.since ?? facts.firstSeenAt,
          cause: move?.cause ?? null,
          atRisk:
            standing?.atRisk === true && standing.until !== null
              ? { until: standing.until, why: `No longer true by itself: ${state.meaning}` }
              : null,
          next:
            next === null
              ? null
              : {
                  state: next.state,
                  title: next.title,
                  missing: next.missing !== undefined ? [next.missing] : trace === null ? [] : [...missingOf(trace)],
                  trace,
                },
        }
      }),
      history: moves.map(({ track, from, to, at, knownAt, cause, evidence }) => ({
        track,
        from,
        to,
        at,
        knownAt,
        cause,
        evidence,
      })),
    }
  }

  return {
    begin,
    clearErased: deleteErased,
    definition: async (workspaceId) => viewOf(await stored(workspaceId)),
    redefine,
    lostAfter,
    loseAfter,
    needTraits,
    view,
    flows: async (workspaceId, request) => {
      const { currency } = await deps.workspaces.get(workspaceId)
      return postgres.inWorkspace(workspaceId, (tx) => readFlows(tx, workspaceId, { ...request, currency }))
    },
    standingsOf: (workspaceId, persons) =>
      postgres.inWorkspace(workspaceId, (tx) => readStandings(tx, workspaceId, persons)),
    peopleIn: (workspaceId, of, page) =>
      postgres.inWorkspace(workspaceId, (tx) => pageOfState(tx, workspaceId, of, page)),
    person,
    movesOf: (workspaceId, persons, page) =>
      postgres.inWorkspace(workspaceId, (tx) => readMoves(tx, workspaceId, persons, page)),
  }
}

const viewOf = ({ version, definition, createdAt }: StoredDefinition): LifeCycleDefinitionView => ({
  ...definition,
  version,
  updatedAt: createdAt,
})

const statesGone = (before: LifeCycleDefinition, after: LifeCycleDefinition) =>
  before.tracks.flatMap(({ track, states }) => {
    const kept = after.tracks.find((each) => each.track === track)?.states.map(({ state }) => state) ?? []
    return states.filter(({ state }) => !kept.includes(state)).map(({ state }) => ({ track, state }))
  })

/** Her state on a track, and the next one up within the five phases. */
const placeOn = (track: TrackDefinition, standings: readonly Standing[]) => {
  const standing = standings.find((each) => each.track === track.track) ?? null
  const index = Math.max(
    0,
    track.states.findIndex(({ state }) => state === standing?.state),
  )
  const state = track.states[index]
  if (state === undefined) throw new TypeError('A track has a state')
  const next = state.phase === null ? null : (track.states.slice(index + 1).find(({ phase }) => phase !== null) ?? null)
  return { state, standing, next }
}

/** `life-cycle:identity:known` as people call it. */
const titleOfRule = (definition: LifeCycleDefinition, ruleKey: string): string => {
  for (const { track, states } of definition.tracks)
    for (const { state, title } of states) if (stateRuleKey(track, state) === ruleKey) return title
  return ruleKey
}
