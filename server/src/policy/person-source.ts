import type { JsonObject } from '../collect/index.ts'
import type { Instant, PersonId, SubjectId, TimeZone, WorkspaceId } from '../kernel/index.ts'
import { brandAs } from '../kernel/index.ts'
import type { PersonSituation } from './policy-input.ts'

/** What policy and messages ask the people room. */
export interface PersonSource {
  get(workspaceId: WorkspaceId, personIds: readonly PersonId[]): Promise<readonly KnownPerson[]>
}
export interface KnownPerson {
  readonly personId: PersonId
  readonly subjects: readonly SubjectId[]
  readonly identifiers: readonly { readonly kind: string; readonly value: string; readonly subjectId: SubjectId }[]
  readonly traits: JsonObject
  readonly timeZone?: string | null
}

/** What policy asks the life-cycle room: the states of persons now, written `track:state`. */
export interface StandingSource {
  statesOf(workspaceId: WorkspaceId, personIds: readonly PersonId[]): Promise<ReadonlyMap<PersonId, readonly string[]>>
}

/** What policy asks the workspaces room. */
export interface WorkspaceSource {
  get(
    workspaceId: WorkspaceId,
  ): Promise<{ readonly name: string; readonly timeZone: string; readonly isSample: boolean }>
  domainNow(workspaceId: WorkspaceId): Promise<Instant>
}

/** Her mail address is the trait she stated last, else an e-mail identifier. */
export const mailAddressOf = (person: Pick<KnownPerson, 'traits' | 'identifiers'>): string | null => {
  const stated = person.traits.email
  if (typeof stated === 'string' && stated.trim() !== '') return stated.trim()
  return person.identifiers.find(({ kind }) => kind === 'email')?.value ?? null
}

export const situationOf = (person: KnownPerson | undefined, states: readonly string[] = []): PersonSituation => ({
  address: person ? mailAddressOf(person) : null,
  timeZone: zoneOf(person?.timeZone ?? person?.traits.time_zone ?? person?.traits.timezone),
  states,
})

/** A zone that the runtime knows, or null. */
export const zoneOf = (name: unknown): TimeZone | null => {
  if (typeof name !== 'string' || name === '' || name.length > 60) return null
  const known = zones.get(name)
  if (known !== undefined) return known
  const found = exists(name) ? brandAs<TimeZone>(name) : null
  if (zones.size < 2000) zones.set(name, found)
  return found
}
const zones = new Map<string, TimeZone | null>()
const exists = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
