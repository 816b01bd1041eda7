import { brandAs, type PersonId, type TimeZone, type WorkspaceId } from '../kernel/index.ts'
import type { People, PersonFacts } from '../people/index.ts'
import type { Workspaces } from '../workspaces/index.ts'
import type { PersonSituation } from './policy-input.ts'

/** What policy and messages ask the people room. */
export type PersonSource = Pick<People, 'get'>

/** What policy asks the life-cycle room: the states of persons now, written `track:state`. */
export interface StandingSource {
  statesOf(workspaceId: WorkspaceId, personIds: readonly PersonId[]): Promise<ReadonlyMap<PersonId, readonly string[]>>
}

/** What policy, content, channels and messages ask the workspaces room. */
export type WorkspaceSource = Pick<Workspaces, 'get' | 'domainNow' | 'audit'>

/** Her mail address is the trait she stated last, else an e-mail identifier. */
export const mailAddressOf = (person: Pick<PersonFacts, 'traits' | 'identifiers'>): string | null => {
  const stated = person.traits.email
  if (typeof stated === 'string' && stated.trim() !== '') return stated.trim()
  return person.identifiers.find(({ kind }) => kind === 'email')?.value ?? null
}

export const situationOf = (
  person: Pick<PersonFacts, 'traits' | 'identifiers'> | undefined,
  states: readonly string[] = [],
): PersonSituation => ({
  address: person ? mailAddressOf(person) : null,
  timeZone: zoneOf(person?.traits.time_zone ?? person?.traits.timezone ?? person?.traits.timeZone),
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
