import type {
  PermissionAnswer,
  PermissionRequest,
  PersonPolicy,
  PersonPolicyChange,
  PolicySettings,
  PolicySettingsChange,
  Preferences,
} from '@baton/contract'
import { notFound, UserError } from '../http/index.ts'
import { dayMs, type Instant, must, newId, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { decide } from './decide.ts'
import {
  type ContactRow,
  deleteContacts,
  deleteContactsBefore,
  deleteErased,
  deleteIssuesClosedBefore,
  insertConsents,
  insertContacts,
  insertSuppressions,
  liftSuppression,
  writePreferences,
} from './person-policy-store.ts'
import { type PersonSource, type StandingSource, situationOf, type WorkspaceSource, zoneOf } from './person-source.ts'
import { longestWindowMs, type PersonPolicyFacts } from './policy-input.ts'
import type { Decision } from './policy-rule.ts'
import {
  deleteRestoreHold,
  ensureSettings,
  lockPersonsOf,
  lockSettingsForChange,
  lockSubjectsOfPerson,
  readFacts,
  readPersonsOf,
  readRestoreHold,
  readSettings,
  readSubjects,
  writeSettings,
} from './policy-store.ts'
import { isReachable } from './reach.ts'
import { type Rehearsal, type RehearsedPerson, rehearse } from './rehearse.ts'

export interface PolicyDeps {
  readonly postgres: Postgres
  readonly people: PersonSource
  readonly standing: StandingSource
  readonly workspaces: WorkspaceSource
}

/** What is read, and kept from changing, while hand-overs begin. */
export interface Fence {
  readonly settings: PolicySettings
  readonly personOf: ReadonlyMap<SubjectId, PersonId>
  readonly facts: ReadonlyMap<PersonId, PersonPolicyFacts>
}

export interface Policy {
  settings(workspaceId: WorkspaceId): Promise<PolicySettings>
  /**
   * Answers after every hand-over that began under the old settings has committed its intent. Throws `conflict` where it would
   * let a restored copy send that waits for `endRestoreHold`.
   */
  changeSettings(workspaceId: WorkspaceId, change: PolicySettingsChange, actor: string): Promise<PolicySettings>
  /** The operator says that the original of this restored copy is gone: the kill switch is as it was there. Called again it does nothing. */
  endRestoreHold(workspaceId: WorkspaceId): Promise<void>
  /** The facts of whoever these subjects are, without locks: to decide what is worth rendering. */
  look(tx: Tx, workspaceId: WorkspaceId, subjectIds: readonly SubjectId[], now: Instant): Promise<Fence>
  /** The same under the hand-over fence: settings, subjects and persons are held until the transaction ends. */
  fence(tx: Tx, workspaceId: WorkspaceId, subjectIds: readonly SubjectId[], now: Instant): Promise<Fence>
  countContacts(tx: Tx, workspaceId: WorkspaceId, contacts: readonly ContactRow[]): Promise<void>
  forgetContacts(
    tx: Tx,
    workspaceId: WorkspaceId,
    contacts: readonly Pick<ContactRow, 'subjectId' | 'contactId'>[],
  ): Promise<void>
  ofPerson(workspaceId: WorkspaceId, personId: PersonId): Promise<PersonPolicy>
  /** Changes what she allows under her lock: once this resolves, no hand-over begins that she did not allow. */
  changePerson(
    workspaceId: WorkspaceId,
    personId: PersonId,
    change: PersonPolicyChange,
    actor: string,
  ): Promise<PersonPolicy>
  /** The same for whoever the subject is now, in the caller's transaction: what is to be told of it commits with it. */
  changeSubject(
    tx: Tx,
    workspaceId: WorkspaceId,
    subjectId: SubjectId,
    change: PersonPolicyChange & { readonly at: Instant },
  ): Promise<void>
  /** In the caller's transaction, as `changeSubject`. Nobody there: nothing is done. */
  suppress(
    tx: Tx,
    workspaceId: WorkspaceId,
    subjectId: SubjectId,
    why: {
      readonly reason: 'suppressed' | 'bounced' | 'complained'
      readonly address: string | null
      readonly detail: string
      readonly at: Instant
    },
  ): Promise<void>
  /**
   * In the caller's transaction, which commits after every hand-over to her that had begun: from then on none begins.
   * Answers her subjects; none when there is no such person.
   */
  suppressErased(tx: Tx, workspaceId: WorkspaceId, personId: PersonId, at: Instant): Promise<readonly SubjectId[]>
  /** Takes out what is kept of erased people; `ids` are their persons' and subjects'. */
  clearErased(tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]): Promise<void>
  permission(workspaceId: WorkspaceId, request: PermissionRequest): Promise<PermissionAnswer>
  /** How many of these can be written to by e-mail, by what lasts (`reach.ts`); who is nobody (any more) can't. */
  reachableByEmail(workspaceId: WorkspaceId, personIds: readonly PersonId[]): Promise<number>
  /** To try decisions out at instants from `from` on: the same rules over the same facts; nothing is locked or written. */
  rehearse(workspaceId: WorkspaceId, about: RehearsedPerson, from: Instant): Promise<Rehearsal>
  /** Lets rows go whose time is over: contacts that no cap reaches, issues closed for a year. */
  tend(workspaceId: WorkspaceId): Promise<void>
}

const yearMs = 366 * dayMs

export const createPolicy = (deps: PolicyDeps): Policy => {
  const { postgres, people, standing, workspaces } = deps
  const factsOf = async (
    tx: Tx,
    workspaceId: WorkspaceId,
    personOf: ReadonlyMap<SubjectId, PersonId>,
    settings: PolicySettings,
    now: Instant,
  ): Promise<Fence> => {
    const personIds = [...new Set(personOf.values())]
    const facts = await readFacts(tx, workspaceId, personIds, now - longestWindowMs(settings))
    return { settings, personOf, facts }
  }

  const fence: Policy['fence'] = async (tx, workspaceId, subjectIds, now) => {
    await ensureSettings(tx, workspaceId, now)
    const settings = await readSettings(tx, workspaceId, true)
    return factsOf(tx, workspaceId, await lockPersonsOf(tx, workspaceId, subjectIds), settings, now)
  }

  const ofPerson = async (workspaceId: WorkspaceId, personId: PersonId): Promise<PersonPolicy> => {
    const facts = await postgres.inWorkspace(workspaceId, async (tx) => {
      if ((await readSubjects(tx, workspaceId, [personId])).length === 0) throw notFound('person')
      return must((await readFacts(tx, workspaceId, [personId], Number.MAX_SAFE_INTEGER)).get(personId), 'asked for')
    })
    const person = (await people.get(workspaceId, [personId])).get(personId)
    return {
      consents: [...facts.consents],
      preferences: facts.preferences,
      suppressions: facts.suppressions.map(({ reason, detail, at }) => ({ reason, detail, at })),
      timeZone: situationOf(person).timeZone,
    }
  }

  const change = async (
    tx: Tx,
    workspaceId: WorkspaceId,
    personId: PersonId,
    wanted: PersonPolicyChange,
    now: Instant,
  ): Promise<void> => {
    const subjectIds = await lockSubjectsOfPerson(tx, workspaceId, personId)
    if (subjectIds.length === 0) throw notFound('person')
    const statement = newId<string>()
    await insertConsents(
      tx,
      workspaceId,
      (wanted.consents ?? []).flatMap((one) =>
        subjectIds.map((subjectId) => ({ ...one, subjectId, statement, at: now })),
      ),
    )
    if (wanted.preferences || wanted.topics) {
      const before = must((await readFacts(tx, workspaceId, [personId], now)).get(personId), 'her subjects are locked')
      const preferences = preferencesAfter(before.preferences, wanted)
      await writePreferences(
        tx,
        workspaceId,
        subjectIds.map((subjectId) => ({ subjectId, preferences, at: now })),
      )
    }
    if (wanted.suppressed === true)
      await insertSuppressions(
        tx,
        workspaceId,
        subjectIds.map((subjectId) => ({
          subjectId,
          reason: 'suppressed' as const,
          address: null,
          detail: 'by hand',
          at: now,
        })),
      )
    if (wanted.suppressed === false) await liftSuppression(tx, workspaceId, subjectIds)
  }

  const writeChange = async (
    tx: Tx,
    workspaceId: WorkspaceId,
    wanted: PolicySettingsChange,
    { now, actor }: { readonly now: Instant; readonly actor: string },
  ): Promise<PolicySettings> => {
    const settings = { ...(await readSettings(tx, workspaceId)), ...wanted }
    await writeSettings(tx, workspaceId, settings, now, actor)
    const detail = { changed: Object.keys(wanted) }
    await workspaces.audit(tx, { workspaceId, actor, action: 'policy.changed', object: 'policy', detail })
    return settings
  }

  return {
    settings: (workspaceId) => postgres.inWorkspace(workspaceId, (tx) => readSettings(tx, workspaceId)),
    changeSettings: async (workspaceId, wanted, actor) => {
      const now = await workspaces.domainNow(workspaceId)
      return postgres.inWorkspace(workspaceId, async (tx) => {
        await ensureSettings(tx, workspaceId, now)
        await lockSettingsForChange(tx, workspaceId)
        if (wanted.killSwitch === false && (await readRestoreHold(tx, workspaceId)) !== null) throw isRestoredCopy()
        return writeChange(tx, workspaceId, wanted, { now, actor })
      })
    },
    endRestoreHold: async (workspaceId) => {
      const now = await workspaces.domainNow(workspaceId)
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await ensureSettings(tx, workspaceId, now)
        await lockSettingsForChange(tx, workspaceId)
        const hold = await readRestoreHold(tx, workspaceId)
        if (hold?.turnedOn === true) await writeChange(tx, workspaceId, { killSwitch: false }, { now, actor: 'system' })
        await deleteRestoreHold(tx, workspaceId)
      })
    },
    look: async (tx, workspaceId, subjectIds, now) => {
      const personOf = await readPersonsOf(tx, workspaceId, subjectIds)
      return factsOf(tx, workspaceId, personOf, await readSettings(tx, workspaceId), now)
    },
    fence,
    countContacts: insertContacts,
    forgetContacts: async (tx, workspaceId, contacts) => {
      await deleteContacts(
        tx,
        workspaceId,
        contacts.map((one) => one.subjectId),
        contacts.map((one) => one.contactId),
      )
    },
    ofPerson,
    changePerson: async (workspaceId, personId, wanted, actor) => {
      const now = await workspaces.domainNow(workspaceId)
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await change(tx, workspaceId, personId, wanted, now)
        const detail = { changed: Object.keys(wanted) }
        await workspaces.audit(tx, {
          workspaceId,
          actor,
          action: 'consent.recorded',
          object: `person:${personId}`,
          detail,
        })
      })
      return ofPerson(workspaceId, personId)
    },
    changeSubject: async (tx, workspaceId, subjectId, { at, ...wanted }) => {
      const personId = (await lockPersonsOf(tx, workspaceId, [subjectId])).get(subjectId)
      if (personId === undefined) throw notFound('person')
      await change(tx, workspaceId, personId, wanted, at)
    },
    suppress: async (tx, workspaceId, subjectId, why) => {
      const personId = (await lockPersonsOf(tx, workspaceId, [subjectId])).get(subjectId)
      if (personId === undefined) return
      const subjects = await lockSubjectsOfPerson(tx, workspaceId, personId)
      await insertSuppressions(
        tx,
        workspaceId,
        subjects.map((one) => ({ ...why, subjectId: one })),
      )
    },
    suppressErased: async (tx, workspaceId, personId, at) => {
      await ensureSettings(tx, workspaceId, at)
      await readSettings(tx, workspaceId, true)
      const subjects = await lockSubjectsOfPerson(tx, workspaceId, personId)
      await insertSuppressions(
        tx,
        workspaceId,
        subjects.map((subjectId) => ({ subjectId, reason: 'erased' as const, address: null, detail: '', at })),
      )
      return subjects
    },
    clearErased: deleteErased,
    tend: async (workspaceId) => {
      const now = await workspaces.domainNow(workspaceId)
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await deleteContactsBefore(tx, workspaceId, now - longestWindowMs(await readSettings(tx, workspaceId)))
        await deleteIssuesClosedBefore(tx, workspaceId, now - yearMs)
      })
    },
    reachableByEmail: async (workspaceId, personIds) => {
      if (personIds.length === 0) return 0
      const [now, persons] = await Promise.all([workspaces.domainNow(workspaceId), people.get(workspaceId, personIds)])
      return postgres.inWorkspace(
        workspaceId,
        async (tx) => {
          const settings = await readSettings(tx, workspaceId)
          const facts = await readFacts(tx, workspaceId, [...persons.keys()], Number.MAX_SAFE_INTEGER)
          return [...facts].filter(([personId, known]) =>
            isReachable('email', { ...known, ...situationOf(persons.get(personId)) }, settings, now),
          ).length
        },
        { readOnly: true },
      )
    },
    rehearse: (...asked) => rehearse(deps, ...asked),
    permission: async (workspaceId, request) => {
      const personId = request.personId as PersonId
      const now = await workspaces.domainNow(workspaceId)
      const { timeZone } = await workspaces.get(workspaceId)
      const person = (await people.get(workspaceId, [personId])).get(personId)
      if (!person) throw notFound('person')
      const states = (await standing.statesOf(workspaceId, [personId])).get(personId) ?? []
      return postgres.inWorkspace(workspaceId, async (tx) => {
        const subjectId = (await readSubjects(tx, workspaceId, [personId]))[0]?.subjectId
        if (subjectId === undefined) throw notFound('person')
        const { settings, facts, personOf } = await fence(tx, workspaceId, [subjectId], now)
        const { channel, topic, purpose, phase } = request
        const decision = decide({
          now,
          message: { channel, topic, purpose, phase, deadlineAt: Number.MAX_SAFE_INTEGER },
          person: {
            ...must(facts.get(personOf.get(subjectId) ?? personId), 'she is fenced'),
            ...situationOf(person, states),
          },
          run: 'live',
          workspaceTimeZone: must(zoneOf(timeZone) ?? zoneOf('UTC'), 'UTC exists'),
          settings,
        })
        if (request.handedOver)
          await insertContacts(tx, workspaceId, [
            { subjectId, contactId: newId(), at: now, channel, topic, phase, purpose },
          ])
        return answerOf(decision)
      })
    },
  }
}

const isRestoredCopy = (): UserError =>
  new UserError(
    'conflict',
    'This is a copy, restored from a backup: its original might still be sending to the same people.',
    {
      remedy:
        'When the original no longer runs, let the operator of this server say so: npm run baton -- restore --confirm-sending',
    },
  )

const preferencesAfter = (before: Preferences, { preferences, topics }: PersonPolicyChange): Preferences => {
  const after = { ...before, ...preferences }
  if (!topics) return after
  const off = new Set([...after.topicsOff, ...topics.off]).difference(new Set(topics.on))
  return { ...after, topicsOff: [...off].sort() }
}

/** A decision as other systems are told it. */
export const answerOf = (decision: Decision): PermissionAnswer => ({
  outcome: decision.kind,
  rule: decision.rule,
  reason: decision.kind === 'send' ? null : decision.reason,
  until: decision.kind === 'hold' ? decision.until : null,
  sentence: decision.sentence,
})
