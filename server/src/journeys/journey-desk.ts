import { isDeepStrictEqual } from 'node:util'
import {
  type Journey,
  type JourneyCounts,
  type JourneyDefinition,
  type JourneyDraft,
  type JourneyImpact,
  type JourneyProblem,
  type JourneyStatus,
  journeyDefinition,
} from '@baton/contract'
import { notFound, UserError } from '../http/index.ts'
import { type Instant, type JourneyId, newId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { type AuditEntry, changedSince } from '../workspaces/index.ts'
import { entryRuleKey } from './compiled-journey.ts'
import { galleryFor } from './gallery.ts'
import {
  countWaiting,
  findJourney,
  insertJourney,
  insertVersion,
  type JourneyRow,
  listPublished,
  listStopped,
  loadDefinitions,
  lockJourney,
  readTallies,
  setStatus,
  updateDraft,
} from './journey-store.ts'
import { deleteJourney } from './journey-trash-store.ts'
import { toJourney } from './journey-view.ts'
import type { JourneyPorts } from './ports.ts'
import { askOtherRooms, branchRules } from './publish-check.ts'
import { type InhabitedVersion, publishImpact } from './publish-impact.ts'
import { countsOf } from './step-counts.ts'
import { conversionsByStep } from './step-measure-store.ts'
import { stopRuns } from './stop-runs.ts'
import { lockJourneys } from './turn-store.ts'
import { readDraft } from './validate-draft.ts'
import type { VersionCache } from './version-cache.ts'

export interface Actor {
  readonly workspaceId: WorkspaceId
  readonly actor: string
}

export interface JourneyDeskDeps {
  readonly postgres: Postgres
  readonly ports: Pick<JourneyPorts, 'rules' | 'membership' | 'publishing' | 'messages'>
  readonly versions: VersionCache
  readonly domainNow: (workspaceId: WorkspaceId) => Promise<Instant>
  readonly audit: (tx: Tx, entry: AuditEntry) => Promise<void>
}

/** Writing, publishing, pausing and stopping journeys. A publish, pause or stop holds from the moment of its answer. */
export interface JourneyDesk {
  get(workspaceId: WorkspaceId, journeyId: JourneyId): Promise<Journey>
  create(
    by: Actor,
    input: { name: string; draft?: JourneyDraft | undefined; template?: string | undefined },
  ): Promise<Journey>
  /** Refused as a conflict, with who changed it, where it is no longer as it was at `expectedUpdatedAt`. */
  save(
    by: Actor,
    journeyId: JourneyId,
    change: {
      name?: string | undefined
      draft?: JourneyDraft | undefined
      expectedUpdatedAt?: number | undefined
    },
  ): Promise<Journey>
  validate(
    workspaceId: WorkspaceId,
    journeyId: JourneyId,
  ): Promise<{ problems: readonly JourneyProblem[]; impact: JourneyImpact }>
  /**
   * People inside finish on the version they entered; the impact says who waits at what changes. Refused as `save` is,
   * so that nobody publishes what she did not see.
   */
  publish(
    by: Actor,
    journeyId: JourneyId,
    as?: { expectedUpdatedAt?: number | undefined },
  ): Promise<{ journey: Journey; impact: JourneyImpact }>
  /** No new entries, messages are held; who is inside goes on. */
  pause(by: Actor, journeyId: JourneyId): Promise<Journey>
  /** Whoever came in or left meanwhile is not let in for it. */
  resume(by: Actor, journeyId: JourneyId): Promise<Journey>
  /** Ends every run with the reason `journey-stopped`. */
  stop(by: Actor, journeyId: JourneyId): Promise<Journey>
  counts(workspaceId: WorkspaceId, journeyId: JourneyId, version: number | null): Promise<JourneyCounts>
  /** Daily: takes out the rules of journeys that were stopped while rules could not be changed. */
  tend(workspaceId: WorkspaceId): Promise<void>
  /** Into the trash; refused while it is live or paused. */
  remove(by: Actor, journeyId: JourneyId): Promise<void>
}

const emptyDraft: JourneyDraft = { start: null, steps: [] }

export const createJourneyDesk = (deps: JourneyDeskDeps): JourneyDesk => {
  const { postgres, ports } = deps

  const rowIn = async (tx: Tx, workspaceId: WorkspaceId, journeyId: JourneyId): Promise<JourneyRow> => {
    const row = await findJourney(tx, workspaceId, journeyId)
    if (!row) throw notFound('journey')
    return row
  }

  const readIn = async (tx: Tx, workspaceId: WorkspaceId, journeyId: JourneyId): Promise<Journey> =>
    toJourney(await rowIn(tx, workspaceId, journeyId), await listPublished(tx, workspaceId, journeyId))

  const read = (workspaceId: WorkspaceId, journeyId: JourneyId): Promise<Journey> =>
    postgres.inWorkspace(workspaceId, (tx) => readIn(tx, workspaceId, journeyId))

  const inhabited = (workspaceId: WorkspaceId, journeyId: JourneyId): Promise<readonly InhabitedVersion[]> =>
    postgres.inWorkspace(workspaceId, async (tx) => {
      const versions = (await listPublished(tx, workspaceId, journeyId)).filter(({ active }) => active > 0)
      const waiting = await countWaiting(tx, workspaceId, journeyId)
      const wanted = versions.map(({ version }) => ({ journeyId, version }))
      const definitions = await loadDefinitions(tx, workspaceId, wanted)
      return versions.flatMap(({ version, active }) => {
        const found = definitions.find((each) => each.version === version)
        if (!found) return []
        const here = waiting.filter((each) => each.version === version)
        return [
          {
            version,
            definition: journeyDefinition.parse(found.definition),
            active,
            waiting: new Map(here.map((each) => [each.stepId, each.waiting])),
          },
        ]
      })
    })

  const check = async (workspaceId: WorkspaceId, journeyId: JourneyId) => {
    const draft = await postgres.inWorkspace(workspaceId, async (tx) => (await rowIn(tx, workspaceId, journeyId)).draft)
    const reading = readDraft(draft)
    const definition = reading.kind === 'readable' ? reading.definition : null
    const outside = definition ? await askOtherRooms(ports, workspaceId, definition) : []
    const impact = publishImpact(await inhabited(workspaceId, journeyId), definition)
    return { draft, definition, problems: [...reading.problems, ...outside], impact }
  }

  /** Changes the status under the workspace's journeys lock, so that no turn is between looking and writing. */
  const change = (
    by: Actor,
    journeyId: JourneyId,
    work: (tx: Tx, journey: NonNullable<Awaited<ReturnType<typeof lockJourney>>>, at: Instant) => Promise<void>,
  ): Promise<void> =>
    deps.domainNow(by.workspaceId).then((at) =>
      postgres.inWorkspace(by.workspaceId, async (tx) => {
        await lockJourneys(tx, by.workspaceId)
        const journey = await lockJourney(tx, by.workspaceId, journeyId)
        if (!journey) throw notFound('journey')
        await work(tx, journey, at)
      }),
    )

  const moveFrom = async (by: Actor, journeyId: JourneyId, from: readonly JourneyStatus[], to: JourneyStatus) => {
    const openedAfter = to === 'live' ? await ports.membership.newestChange(by.workspaceId) : null
    await change(by, journeyId, async (tx, journey, at) => {
      if (journey.status === to) return
      if (!from.includes(journey.status)) throw wrongStatus(journey.status, to)
      await setStatus(tx, by.workspaceId, journeyId, { status: to, openedAfter, by: by.actor, at })
      await deps.audit(tx, { ...by, action: actionOf(to), object: `journey:${journeyId}` })
    })
  }

  return {
    get: read,

    create: async (by, input) => {
      const template = galleryFor(by.workspaceId).find(({ key }) => key === input.template)
      if (input.template !== undefined && !template) throw notFound('journey template')
      const journeyId = newId<JourneyId>()
      const draft = input.draft ?? template?.draft ?? emptyDraft
      const at = await deps.domainNow(by.workspaceId)
      await postgres.inWorkspace(by.workspaceId, async (tx) => {
        await insertJourney(tx, by.workspaceId, { journeyId, name: input.name, draft, by: by.actor, at })
        await deps.audit(tx, { ...by, action: 'journey.created', object: `journey:${journeyId}` })
      })
      return read(by.workspaceId, journeyId)
    },

    save: async (by, journeyId, { name = null, draft = null, expectedUpdatedAt = null }) => {
      const { workspaceId, actor } = by
      const at = await deps.domainNow(workspaceId)
      return postgres.inWorkspace(workspaceId, async (tx) => {
        const change = { journeyId, name, draft, expectedUpdatedAt, by: actor, at }
        if (!(await updateDraft(tx, workspaceId, change))) {
          const { updatedBy, updatedAt } = await rowIn(tx, workspaceId, journeyId)
          throw await changedSince(tx, 'journey', { by: updatedBy, at: updatedAt })
        }
        await deps.audit(tx, { ...by, action: 'journey.changed', object: `journey:${journeyId}` })
        // In this transaction, so that the answer is this change and not one that came right after it.
        return readIn(tx, workspaceId, journeyId)
      })
    },

    validate: async (workspaceId, journeyId) => {
      const { problems, impact } = await check(workspaceId, journeyId)
      return { problems, impact }
    },

    publish: async (by, journeyId, { expectedUpdatedAt } = {}) => {
      const { workspaceId } = by
      const { draft, definition, problems, impact } = await check(workspaceId, journeyId)
      if (!definition || problems.length > 0) throw notPublishable(problems)
      // What a stop that was cut short left behind must not come back to life.
      await stopRuns(deps, by.workspaceId, journeyId)
      const openedAfter = await ports.membership.newestChange(workspaceId)
      await change(by, journeyId, async (tx, journey, at) => {
        if (expectedUpdatedAt !== undefined && expectedUpdatedAt !== journey.updatedAt)
          throw await changedSince(tx, 'journey', { by: journey.updatedBy, at: journey.updatedAt })
        if (!isDeepStrictEqual(journey.draft, draft))
          throw new UserError('conflict', 'The draft was changed while it was being published.', {
            remedy: 'Look at the change, then publish again.',
          })
        const version = journey.newest + 1
        const goesOn =
          journey.status === 'live' &&
          (await entersAlike(tx, by.workspaceId, { journeyId, version: journey.version }, definition))
        await insertVersion(tx, workspaceId, { journeyId, version, definition, at, by: by.actor })
        await retireRules(tx, workspaceId, journeyId, at)
        await putRules(tx, workspaceId, { journeyId, version, definition, at })
        await setStatus(tx, workspaceId, journeyId, {
          status: 'live',
          version,
          // Who came in before, and is not read yet, enters the new version.
          openedAfter: goesOn ? null : openedAfter,
          by: by.actor,
          at,
        })
        await deps.audit(tx, {
          ...by,
          action: 'journey.published',
          object: `journey:${journeyId}`,
          detail: { version, inside: impact.inside },
        })
      })
      return { journey: await read(workspaceId, journeyId), impact }
    },

    pause: async (by, journeyId) => {
      await moveFrom(by, journeyId, ['live'], 'paused')
      return read(by.workspaceId, journeyId)
    },

    resume: async (by, journeyId) => {
      await moveFrom(by, journeyId, ['paused'], 'live')
      return read(by.workspaceId, journeyId)
    },

    stop: async (by, journeyId) => {
      await moveFrom(by, journeyId, ['live', 'paused'], 'stopped')
      await stopRuns(deps, by.workspaceId, journeyId)
      await retireStopped(by.workspaceId, journeyId)
      return read(by.workspaceId, journeyId)
    },

    tend: async (workspaceId) => {
      const stopped = await postgres.inWorkspace(workspaceId, (tx) => listStopped(tx, workspaceId))
      for (const journeyId of stopped) await retireStopped(workspaceId, journeyId)
    },

    remove: async (by, journeyId) => {
      await change(by, journeyId, async (tx, journey, at) => {
        if (journey.status === 'live' || journey.status === 'paused')
          throw new UserError('conflict', `The journey is ${journey.status}: people may be inside.`, {
            remedy: 'Stop it first, then delete it.',
          })
        await retireRules(tx, by.workspaceId, journeyId, at)
        await deleteJourney(tx, by.workspaceId, journeyId, at, by.actor)
        await deps.audit(tx, { ...by, action: 'journey.deleted', object: `journey:${journeyId}` })
      })
    },

    counts: (workspaceId, journeyId, version) =>
      postgres.inWorkspace(
        workspaceId,
        async (tx) => {
          const row = await rowIn(tx, workspaceId, journeyId)
          const shown = version ?? row.version
          const [found] = shown === null ? [] : await loadDefinitions(tx, workspaceId, [{ journeyId, version: shown }])
          const definition = found ? journeyDefinition.parse(found.definition) : null
          const tallies = await readTallies(tx, workspaceId, journeyId, version)
          const messages = await ports.messages.countsByStep(tx, workspaceId, journeyId, version)
          const conversions = definition?.goal ? await conversionsByStep(tx, workspaceId, journeyId, version) : null
          return countsOf(journeyId, definition?.steps ?? [], tallies, messages, conversions)
        },
        { readOnly: true, isolation: 'repeatable read' },
      ),
  }

  /** A stop that is answered has stopped it: where rules can't be changed just now they go later. */
  async function retireStopped(workspaceId: WorkspaceId, journeyId: JourneyId) {
    const at = await deps.domainNow(workspaceId)
    await postgres.inWorkspace(workspaceId, async (tx) => {
      await lockJourneys(tx, workspaceId)
      const journey = await lockJourney(tx, workspaceId, journeyId)
      if (journey?.status !== 'stopped' || !(await ports.rules.mayChange(tx, workspaceId))) return
      await retireRules(tx, workspaceId, journeyId, at)
    })
  }

  /** Whether people come into this version and into that definition through the same segment, the same way. */
  async function entersAlike(
    tx: Tx,
    workspaceId: WorkspaceId,
    { journeyId, version }: { journeyId: JourneyId; version: number | null },
    { entry }: JourneyDefinition,
  ): Promise<boolean> {
    if (version === null || entry.kind !== 'segment') return false
    const [found] = await loadDefinitions(tx, workspaceId, [{ journeyId, version }])
    const before = found ? journeyDefinition.parse(found.definition).entry : null
    return before?.kind === 'segment' && before.segmentId === entry.segmentId && before.on === entry.on
  }

  /** Rules of versions that nobody is on and nobody enters any more. */
  async function retireRules(tx: Tx, workspaceId: WorkspaceId, journeyId: JourneyId, at: Instant) {
    const versions = await listPublished(tx, workspaceId, journeyId)
    const definitions = await loadDefinitions(
      tx,
      workspaceId,
      versions.map(({ version }) => ({ journeyId, version })),
    )
    const keys = definitions.flatMap(({ version, definition }) => {
      const active = versions.find((each) => each.version === version)?.active ?? 0
      const parsed = journeyDefinition.parse(definition)
      const entry = parsed.entry.kind === 'segment' ? [entryRuleKey(journeyId, version)] : []
      return active > 0 ? entry : [...entry, ...branchRules(journeyId, version, parsed).map(({ ruleKey }) => ruleKey)]
    })
    if (keys.length > 0) await ports.rules.retire(tx, workspaceId, keys, at)
  }

  async function putRules(
    tx: Tx,
    workspaceId: WorkspaceId,
    published: { journeyId: JourneyId; version: number; definition: JourneyDefinition; at: Instant },
  ) {
    const { journeyId, version, definition, at } = published
    const entry =
      definition.entry.kind === 'segment'
        ? [
            {
              ruleKey: entryRuleKey(journeyId, version),
              rule: { kind: 'segment' as const, segmentId: definition.entry.segmentId },
            },
          ]
        : []
    const rules = [...entry, ...branchRules(journeyId, version, definition)]
    if (rules.length > 0)
      await ports.rules.put(
        tx,
        workspaceId,
        rules.map(({ ruleKey, rule }) => ({ ruleKey, rule })),
        at,
      )
  }
}

const actionOf = (status: JourneyStatus): string => `journey.${status === 'live' ? 'resumed' : status}`

const wrongStatus = (from: JourneyStatus, to: JourneyStatus) =>
  new UserError('conflict', `The journey is ${from}; it can't become ${to} from there.`, {
    remedy:
      from === 'draft' || from === 'stopped'
        ? 'Publish it first.'
        : 'Only a paused journey is resumed, a live one paused.',
  })

const notPublishable = (problems: readonly JourneyProblem[]) =>
  new UserError('invalid-input', 'The journey can’t be published as it stands.', {
    remedy: problems[0]?.remedy ?? 'Look at each problem and mend it.',
    details: { problems },
  })
