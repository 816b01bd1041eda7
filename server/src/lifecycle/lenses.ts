import type { Person, TimelineItem } from '@baton/contract'
import type { PersonId, WorkspaceId } from '../kernel/index.ts'
import type { PersonLenses, TimelineSource } from '../people/index.ts'
import type { LifeCycle } from './life-cycle.ts'

/** State keys by track, for the list of people. */
export const statesLens =
  (lifeCycle: LifeCycle): NonNullable<PersonLenses['statesOf']> =>
  async (workspaceId, persons) => {
    const standings = await lifeCycle.standingsOf(workspaceId, persons)
    return new Map(
      [...standings].map(([personId, each]) => [
        personId,
        Object.fromEntries(each.map(({ track, state }) => [track, state])),
      ]),
    )
  }

/** `conversion:facilitated-buying` and so on: what policy compares with its no-push states. */
export const statesForPolicy =
  (lifeCycle: Pick<LifeCycle, 'standingsOf'>) =>
  async (workspaceId: WorkspaceId, persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, readonly string[]>> => {
    const standings = await lifeCycle.standingsOf(workspaceId, persons)
    return new Map(
      [...standings].map(([personId, each]) => [personId, each.map(({ track, state }) => `${track}:${state}`)]),
    )
  }

const causes = {
  behaviour: 'by what she did',
  time: 'by the passing of time',
  'rule-changed': 'because the rule was changed',
  merged: 'because two people turned out to be one',
} as const

/** Each track's state with since, why and what is missing, for the page of one person. */
export const stateDetailsLens =
  (lifeCycle: LifeCycle): NonNullable<PersonLenses['stateDetails']> =>
  async (workspaceId, personId): Promise<Person['states']> => {
    const [person, definition] = await Promise.all([
      lifeCycle.person(workspaceId, personId),
      lifeCycle.definition(workspaceId),
    ])
    return (person?.tracks ?? []).map(({ track, state, title, since, cause, atRisk, next }) => ({
      track,
      trackTitle: definition.tracks.find((each) => each.track === track)?.title ?? track,
      state,
      stateTitle: atRisk === null ? title : `${title}, at risk`,
      since,
      why: cause === null ? null : causes[cause],
      missing: next?.missing ?? [],
    }))
  }

/** Moves on a person's timeline. */
export const timelineOfMoves = (lifeCycle: LifeCycle): TimelineSource => ({
  kind: 'life-cycle',
  read: async (workspaceId, { subjects }, { before, limit }) => {
    const [moves, definition] = await Promise.all([
      lifeCycle.movesOf(workspaceId, subjects, { before, limit }),
      lifeCycle.definition(workspaceId),
    ])
    const titleOf = (track: string, state: string) =>
      definition.tracks.find((each) => each.track === track)?.states.find((each) => each.state === state)?.title ??
      state
    return moves.map(
      (move): TimelineItem => ({
        id: `life-cycle:${move.seq}`,
        at: move.at,
        kind: 'life-cycle',
        title:
          move.to === null
            ? 'Became one with another person'
            : move.from === null
              ? titleOf(move.track, move.to)
              : `${titleOf(move.track, move.from)} → ${titleOf(move.track, move.to)}`,
        detail: causes[move.cause],
        link: '/lifecycle',
        data: { track: move.track, from: move.from, to: move.to, knownAt: move.knownAt, cause: move.cause },
      }),
    )
  },
})
