import type { Consent, PolicySettings, Preferences } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { combineConsents, combinePreferences } from './combine-facts.ts'
import { settingsOf } from './kept-settings.ts'
import type { Contact, PersonPolicyFacts, SuppressionFact } from './policy-input.ts'

/** The workspace's settings over the defaults; `lock` keeps them from changing until this transaction ends. */
export const readSettings = async (tx: Tx, workspaceId: WorkspaceId, lock = false): Promise<PolicySettings> => {
  const { rows } = await sql<{ settings: unknown }>`
    select settings from policy_setting where workspace_id = ${workspaceId}
    ${lock ? sql`for share` : sql``}`.execute(tx)
  return settingsOf(rows[0]?.settings)
}

/** There must be a row to lock, or the first change of settings could overtake a hand-over under way. */
export const ensureSettings = (tx: Tx, workspaceId: WorkspaceId, now: Instant) =>
  sql`insert into policy_setting (workspace_id, updated_at, updated_by) values (${workspaceId}, ${now}, 'baton')
      on conflict do nothing`.execute(tx)

export const lockSettingsForChange = (tx: Tx, workspaceId: WorkspaceId) =>
  sql`select 1 from policy_setting where workspace_id = ${workspaceId} for update`.execute(tx)

export const writeSettings = (tx: Tx, workspaceId: WorkspaceId, settings: PolicySettings, at: Instant, by: string) =>
  sql`update policy_setting set settings = ${JSON.stringify(settings)}::jsonb, updated_at = ${at}, updated_by = ${by}
      where workspace_id = ${workspaceId}`.execute(tx)

/** What holds the workspace of a restored copy back: the switch was turned on by the restore, or was on in the original; null: nothing does. */
export const readRestoreHold = async (tx: Tx, workspaceId: WorkspaceId): Promise<{ turnedOn: boolean } | null> => {
  const { rows } = await sql<{ turnedOn: boolean }>`
    select turned_on as "turnedOn" from restore_hold where workspace_id = ${workspaceId}`.execute(tx)
  return rows[0] ?? null
}

export const deleteRestoreHold = (tx: Tx, workspaceId: WorkspaceId) =>
  sql`delete from restore_hold where workspace_id = ${workspaceId}`.execute(tx)

/**
 * Whose these subjects are, held so until the transaction ends: a merge waits. Subjects in order, then persons in order:
 * everybody who takes these locks takes them so.
 */
export const lockPersonsOf = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  subjectIds: readonly SubjectId[],
): Promise<ReadonlyMap<SubjectId, PersonId>> => {
  const { rows } = await sql<{ subjectId: SubjectId; personId: PersonId }>`
    select subject_id as "subjectId", person_id as "personId" from subject
    where workspace_id = ${workspaceId} and subject_id = any(${subjectIds}::uuid[])
    order by subject_id for share`.execute(tx)
  await lockPersons(tx, workspaceId, [...new Set(rows.map(({ personId }) => personId))])
  return new Map(rows.map(({ subjectId, personId }) => [subjectId, personId]))
}

/** The subjects of one person, both held as above; empty when there is no such person. */
export const lockSubjectsOfPerson = async (tx: Tx, workspaceId: WorkspaceId, personId: PersonId) => {
  const { rows } = await sql<{ subjectId: SubjectId }>`
    select subject_id as "subjectId" from subject
    where workspace_id = ${workspaceId} and person_id = ${personId}
    order by subject_id for share`.execute(tx)
  if (rows.length > 0) await lockPersons(tx, workspaceId, [personId])
  return rows.map(({ subjectId }) => subjectId)
}

const lockPersons = async (tx: Tx, workspaceId: WorkspaceId, personIds: readonly PersonId[]): Promise<void> => {
  await sql`
    insert into person_policy (workspace_id, person_id)
    select ${workspaceId}, id from unnest(${personIds}::uuid[]) as id order by id
    on conflict do nothing`.execute(tx)
  await sql`
    select 1 from person_policy where workspace_id = ${workspaceId} and person_id = any(${personIds}::uuid[])
    order by person_id for update`.execute(tx)
}

export const readSubjects = async (tx: Tx, workspaceId: WorkspaceId, personIds: readonly PersonId[]) => {
  const { rows } = await sql<{ subjectId: SubjectId; personId: PersonId }>`
    select subject_id as "subjectId", person_id as "personId" from subject
    where workspace_id = ${workspaceId} and person_id = any(${personIds}::uuid[])`.execute(tx)
  return rows
}

/** Whose these subjects are now, without a lock. */
export const readPersonsOf = async (tx: Tx, workspaceId: WorkspaceId, subjectIds: readonly SubjectId[]) => {
  const { rows } = await sql<{ subjectId: SubjectId; personId: PersonId }>`
    select subject_id as "subjectId", person_id as "personId" from subject
    where workspace_id = ${workspaceId} and subject_id = any(${subjectIds}::uuid[])`.execute(tx)
  return new Map(rows.map(({ subjectId, personId }) => [subjectId, personId]))
}

type OfSubject<T> = T & { readonly subjectId: SubjectId }

/** Everything policy itself keeps about these persons, over all their subjects; contacts younger than `contactsSince`. */
export const readFacts = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  personIds: readonly PersonId[],
  contactsSince: Instant,
): Promise<ReadonlyMap<PersonId, PersonPolicyFacts>> => {
  const subjects = await readSubjects(tx, workspaceId, personIds)
  const ids = subjects.map(({ subjectId }) => subjectId)
  const consents = await sql<OfSubject<Consent>>`
    select distinct on (subject_id, purpose) subject_id as "subjectId", purpose, given, source, wording, at,
      expires_at as "expiresAt"
    from consent where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])
    order by subject_id, purpose, at desc, consent_id desc`.execute(tx)
  const preferences = await sql<OfSubject<Preferences>>`
    select subject_id as "subjectId", topics_off as "topicsOff", channels_off as "channelsOff",
      unsubscribed_all as "unsubscribedAll", paused_until as "pausedUntil", weekly_limit as "weeklyLimit"
    from preference where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])`.execute(tx)
  const suppressions = await sql<OfSubject<SuppressionFact>>`
    select subject_id as "subjectId", reason, nullif(address, '') as address, detail, at
    from suppression where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])`.execute(tx)
  const contacts = await sql<OfSubject<Contact>>`
    select subject_id as "subjectId", at, channel, topic, phase, purpose from contact_count
    where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[]) and at > ${contactsSince}`.execute(tx)
  const issues = await sql<{ subjectId: SubjectId }>`
    select distinct subject_id as "subjectId" from open_issue
    where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])
      and opened_at is not null and (closed_at is null or closed_at < opened_at)`.execute(tx)

  const personOf = new Map(subjects.map(({ subjectId, personId }) => [subjectId, personId]))
  const of = <T extends { subjectId: SubjectId }>(rows: readonly T[]) =>
    Map.groupBy(rows, ({ subjectId }) => personOf.get(subjectId))
  const byPerson = {
    consents: of(consents.rows),
    preferences: of(preferences.rows),
    suppressions: of(suppressions.rows),
    contacts: of(contacts.rows),
    issues: of(issues.rows),
  }
  return new Map(
    personIds.map((personId) => [
      personId,
      {
        consents: combineConsents((byPerson.consents.get(personId) ?? []).map(withoutSubject)),
        preferences: combinePreferences((byPerson.preferences.get(personId) ?? []).map(withoutSubject)),
        suppressions: (byPerson.suppressions.get(personId) ?? []).map(withoutSubject),
        openIssue: byPerson.issues.has(personId),
        contacts: (byPerson.contacts.get(personId) ?? []).map(withoutSubject),
      },
    ]),
  )
}

const withoutSubject = <T extends { subjectId: SubjectId }>({ subjectId: _, ...rest }: T): Omit<T, 'subjectId'> => rest
