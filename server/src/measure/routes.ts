import { home } from '@baton/contract'
import { may, principalOf, type Routes, reaches } from '../http/index.ts'
import type { HomePage } from './home.ts'

/** The first page over HTTP. Money is left out for who may not see it. */
export const homeRoutes =
  (page: HomePage): Routes =>
  (app) => {
    app.get(
      '/v1/home',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: {
          tags: ['home'],
          summary: 'What customers are worth, where they stand, what happened today, what is still to set up',
          response: { 200: home },
        },
      },
      (request) => {
        const principal = principalOf(request)
        return page.read(principal.workspaceId, { money: may(principal, 'money:read') && reaches(principal, 'firm') })
      },
    )
  }
