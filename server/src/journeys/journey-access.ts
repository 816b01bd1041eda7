import { type JourneyDraft, journeyParams } from '@baton/contract'
import type { FastifyRequest } from 'fastify'
import { type Principal, principalOf, refuseOutside } from '../http/index.ts'
import { brandAs, type JourneyId } from '../kernel/index.ts'
import type { JourneyDesk } from './journey-desk.ts'

/** A draft may be unfinished: what names no phase yet is nobody else's. */
export const refuseOthers = (principal: Principal, draft: JourneyDraft | undefined): void => {
  const { phases } = principal.scope
  if (typeof draft?.phase === 'string' && phases !== undefined)
    refuseOutside({ scope: { phases } }, { phase: draft.phase })
}

/** Who asks, if the journey is of a phase she answers for. */
export const answerable = async (desk: JourneyDesk, request: FastifyRequest): Promise<Principal> => {
  const principal = principalOf(request)
  const { id } = journeyParams.parse(request.params)
  refuseOthers(principal, (await desk.get(principal.workspaceId, brandAs<JourneyId>(id))).draft)
  return principal
}

export const idOf = ({ id }: { readonly id: string }): JourneyId => brandAs<JourneyId>(id)
