import { type PersonForward, personForward } from '@baton/contract'
import { z } from 'zod'
import { notFound, principalOf, type Routes } from '../http/index.ts'
import { brandAs, type PersonId } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import type { Equity } from './equity.ts'

/** What one person is worth, over HTTP: read from the figure that is kept, never computed for her alone. */
export const personValueRoutes =
  ({ equity, people }: { equity: Pick<Equity, 'personForward'>; people: Pick<People, 'get'> }): Routes =>
  (app) => {
    app.get(
      '/v1/people/:personId/value',
      {
        config: { access: { permission: 'money:read', reach: 'firm' } },
        schema: {
          tags: ['equity'],
          summary: 'What one person is expected to bring from now on, and how likely she is still a customer',
          params: z.object({ personId: z.uuid() }),
          response: { 200: personForward },
        },
      },
      async (request): Promise<PersonForward> => {
        const { workspaceId } = principalOf(request)
        const personId = brandAs<PersonId>(request.params.personId)
        if (!(await people.get(workspaceId, [personId])).has(personId)) throw notFound('person')
        return equity.personForward(workspaceId, personId)
      },
    )
  }
