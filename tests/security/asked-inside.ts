import type { Role, Scope } from '@baton/contract'

export interface Asker {
  readonly role: Role
  readonly scope: Scope
}

const answersForAll = ({ scope }: Asker): boolean => Object.keys(scope).length === 0
/** Nobody gives more than she has, and the requests give all there is. */
const mayGiveAll = (who: Asker): boolean => who.role === 'owner' && answersForAll(who)

/** What a route asks besides the permission of its line, since it depends on what the request says; of the requests of these tests. */
export const askedInside: Readonly<Record<string, (who: Asker) => boolean>> = {
  'POST /v1/invitations': mayGiveAll,
  'POST /v1/api-keys': mayGiveAll,
  // They name a phase, and no partner.
  'PUT /v1/phases': answersForAll,
  'POST /v1/costs': answersForAll,
}

/** Which routes answer 400 to a request of the right shape that names what is not there, and why. No other may. */
export const refusedForWhatTheyName: Readonly<Record<string, string>> = {
  'PUT /v1/phases': 'names somebody who is no member',
  'POST /v1/segments': 'the rule names a segment that is not there',
  'POST /v1/segments/preview': 'the rule names a segment that is not there',
  'PUT /v1/segments/{segmentId}': 'the rule names a segment that is not there',
  'PUT /v1/life-cycle/definition': 'the rule names a segment that is not there',
  'POST /v1/journeys/{id}/publish': 'the draft names a template and a segment that are not there',
}
