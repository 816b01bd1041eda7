import type { MessagePurpose } from '@baton/contract'
import type { JsonObject } from '../collect/index.ts'
import { notFound } from '../http/index.ts'
import { type Instant, must, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { decide } from './decide.ts'
import { noPreferences } from './default-settings.ts'
import { type PersonSource, type StandingSource, situationOf, type WorkspaceSource, zoneOf } from './person-source.ts'
import {
  type Contact,
  type Liveness,
  longestWindowMs,
  type MessageFacts,
  type PersonPolicyFacts,
  type PersonSituation,
} from './policy-input.ts'
import type { Decision } from './policy-rule.ts'
import { readFacts, readSettings } from './policy-store.ts'

/** A real person with what is known of her and what she allows today, or one of whom nothing else is known. */
export type RehearsedPerson =
  | { readonly kind: 'real'; readonly personId: PersonId }
  | { readonly kind: 'made'; readonly traits: JsonObject; readonly consents: readonly MessagePurpose[] }

/** The decision as it would be made of a message at an instant of one's own choosing; `added` counts in her caps. */
export type Rehearsal = (asked: {
  readonly now: Instant
  readonly message: MessageFacts
  readonly run: Liveness
  readonly added: readonly Contact[]
}) => Decision

/** Reads what decisions about one person depend on, without a lock, and writes nothing. `from` is the earliest instant asked. */
export const rehearse = async (
  {
    postgres,
    people,
    standing,
    workspaces,
  }: { postgres: Postgres; people: PersonSource; standing: StandingSource; workspaces: WorkspaceSource },
  workspaceId: WorkspaceId,
  about: RehearsedPerson,
  from: Instant,
): Promise<Rehearsal> => {
  const { timeZone } = await workspaces.get(workspaceId)
  const workspaceTimeZone = must(zoneOf(timeZone) ?? zoneOf('UTC'), 'UTC exists')
  const situation = await situated({ people, standing }, workspaceId, about)
  const { settings, known } = await postgres.inWorkspace(
    workspaceId,
    async (tx) => {
      const read = await readSettings(tx, workspaceId)
      const ids = about.kind === 'real' ? [about.personId] : []
      const facts = await readFacts(tx, workspaceId, ids, from - longestWindowMs(read))
      return { settings: read, known: about.kind === 'real' ? facts.get(about.personId) : agreed(about.consents, from) }
    },
    { readOnly: true, isolation: 'repeatable read' },
  )
  const person = { ...must(known, 'her facts were asked for'), ...situation }
  return ({ now, message, run, added }) =>
    decide({
      now,
      message,
      // At an instant of the past, what came after it had not yet counted.
      person: { ...person, contacts: [...person.contacts, ...added].filter(({ at }) => at <= now) },
      run,
      workspaceTimeZone,
      settings,
    })
}

const situated = async (
  { people, standing }: { people: PersonSource; standing: StandingSource },
  workspaceId: WorkspaceId,
  about: RehearsedPerson,
): Promise<PersonSituation> => {
  if (about.kind === 'made') return situationOf({ traits: about.traits, identifiers: [] })
  const person = (await people.get(workspaceId, [about.personId])).get(about.personId)
  if (!person) throw notFound('person')
  const states = (await standing.statesOf(workspaceId, [about.personId])).get(about.personId) ?? []
  return situationOf(person, states)
}

const agreed = (purposes: readonly MessagePurpose[], at: Instant): PersonPolicyFacts => ({
  consents: purposes.map((purpose) => ({ purpose, given: true, source: 'supposed', wording: '', at, expiresAt: null })),
  preferences: noPreferences,
  suppressions: [],
  openIssue: false,
  contacts: [],
})
