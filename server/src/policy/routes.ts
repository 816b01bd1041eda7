import {
  permissionAnswer,
  permissionRequest,
  personPolicy,
  personPolicyChange,
  policySettings,
  policySettingsChange,
} from '@baton/contract'
import { z } from 'zod'
import { principalOf, type Routes } from '../http/index.ts'
import { brandAs, type PersonId } from '../kernel/index.ts'
import type { Policy } from './policy.ts'

const person = z.object({ id: z.uuid() })

export const policyRoutes =
  (policy: Policy): Routes =>
  (app) => {
    app.get(
      '/v1/policy',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: { tags: ['policy'], summary: 'The workspace’s policy', response: { 200: policySettings } },
      },
      (request) => policy.settings(principalOf(request).workspaceId),
    )
    app.put(
      '/v1/policy',
      {
        config: { access: { permission: 'policy:write' } },
        schema: {
          tags: ['policy'],
          summary: 'Change the policy: only what is named changes',
          description:
            'Turning the kill switch off answers `conflict` in a restored copy, until its operator has confirmed that it may send.',
          body: policySettingsChange,
          response: { 200: policySettings },
        },
      },
      (request) => {
        const { workspaceId, actor } = principalOf(request)
        return policy.changeSettings(workspaceId, request.body, actor)
      },
    )
    app.get(
      '/v1/people/:id/consent',
      {
        config: { access: { permission: 'people:read' } },
        schema: { tags: ['policy'], summary: 'What she allows', params: person, response: { 200: personPolicy } },
      },
      (request) => policy.ofPerson(principalOf(request).workspaceId, brandAs<PersonId>(request.params.id)),
    )
    app.put(
      '/v1/people/:id/consent',
      {
        config: { access: { permission: 'people:write' } },
        schema: {
          tags: ['policy'],
          summary: 'Record consent, preferences or a suppression; holds from the moment of the answer',
          params: person,
          body: personPolicyChange,
          response: { 200: personPolicy },
        },
      },
      (request) => {
        const { workspaceId, actor } = principalOf(request)
        return policy.changePerson(workspaceId, brandAs<PersonId>(request.params.id), request.body, actor)
      },
    )
    app.post(
      '/v1/permission',
      {
        config: { access: { permission: 'people:write' } },
        schema: {
          tags: ['policy'],
          summary: 'May another system contact her now? With handedOver it says that it did',
          body: permissionRequest,
          response: { 200: permissionAnswer },
        },
      },
      (request) => policy.permission(principalOf(request).workspaceId, request.body),
    )
  }
