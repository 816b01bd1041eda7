import {
  brandKit,
  brandKitChange,
  page,
  pageQuery,
  type TemplatePreview,
  type TemplatePreviewRequest,
  template,
  templateChange,
  templateDraft,
  templatePreview,
  templatePreviewRequest,
  trashList,
  versionPage,
  versionQuery,
} from '@baton/contract'
import { z } from 'zod'
import type { JsonObject } from '../collect/index.ts'
import {
  decodeCursor,
  may,
  notFound,
  type Principal,
  pageAnswer,
  pageFrom,
  principalOf,
  type Routes,
  sendSandboxedHtml,
  UserError,
} from '../http/index.ts'
import { brandAs, type PersonId, type TemplateId } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import type { Content } from './content.ts'

const tags = ['content']
const read = { access: { permission: 'workspace:read' } } as const
const write = { access: { permission: 'content:write' } } as const
const params = z.object({ id: z.uuid() })
const cursorShape = z.tuple([z.string(), z.uuid()])
const versionCursor = z.tuple([z.int()])

/** What stands in for the entry event where none is given. */
const sampleEvent: JsonObject = {
  name: 'Wooden blocks',
  price: 24.9,
  currency: 'EUR',
  url: 'https://shop.example/cart',
  order_id: '1001',
  complaint_id: 'C-17',
  subject: 'a missing part',
  products: [{ name: 'Wooden blocks', price: 24.9 }],
}
const nowhere = { unsubscribe: '#', preferences: '#', confirm: '#' }

export const contentRoutes =
  ({ content, people }: { content: Content; people: Pick<People, 'get'> }): Routes =>
  (app) => {
    app.get(
      '/v1/templates',
      {
        config: read,
        schema: { tags, summary: 'Templates by name', querystring: pageQuery, response: { 200: page(template) } },
      },
      async (request) => {
        const { cursor, limit } = request.query
        const rows = await content.list(principalOf(request).workspaceId, {
          after: decodeCursor(cursorShape, cursor),
          limit,
        })
        return pageFrom(
          rows,
          limit,
          (row) => [row.name, row.templateId],
          (row) => row,
        )
      },
    )
    app.post(
      '/v1/templates',
      { config: write, schema: { tags, summary: 'Make a template', body: templateDraft, response: { 200: template } } },
      (request) => {
        const { workspaceId, actor } = principalOf(request)
        return content.save(workspaceId, null, request.body, actor)
      },
    )
    app.get(
      '/v1/templates/:id',
      { config: read, schema: { tags, summary: 'One template', params, response: { 200: template } } },
      (request) => content.get(principalOf(request).workspaceId, brandAs<TemplateId>(request.params.id)),
    )
    app.put(
      '/v1/templates/:id',
      {
        config: write,
        schema: { tags, summary: 'Save a new version', params, body: templateChange, response: { 200: template } },
      },
      (request) => {
        const { workspaceId, actor } = principalOf(request)
        return content.save(workspaceId, brandAs<TemplateId>(request.params.id), request.body, actor)
      },
    )
    app.get(
      '/v1/templates/:id/versions',
      {
        config: read,
        schema: {
          tags,
          summary: 'What it was when, by whom, and what each version changed; newest first',
          params,
          querystring: versionQuery,
          response: { 200: versionPage },
        },
      },
      (request) => {
        const { cursor, limit } = request.query
        const before = decodeCursor(versionCursor, cursor)?.[0] ?? null
        const templateId = brandAs<TemplateId>(request.params.id)
        return content.versions(principalOf(request).workspaceId, templateId, { before, limit })
      },
    )
    app.post(
      '/v1/templates/:id/versions/:version/restore',
      {
        config: write,
        schema: {
          tags,
          summary: 'Make it what it was in a version; saved as a new one',
          params: params.extend({ version: z.coerce.number().int().min(1) }),
          response: { 200: template },
        },
      },
      (request) => {
        const { workspaceId, actor } = principalOf(request)
        const { id, version } = request.params
        return content.restore(workspaceId, brandAs<TemplateId>(id), version, actor)
      },
    )
    app.delete(
      '/v1/templates/:id',
      {
        config: write,
        schema: {
          tags,
          summary: 'Delete a template that nothing uses: into the trash, for thirty days',
          params,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const { workspaceId, actor } = principalOf(request)
        await content.remove(workspaceId, brandAs<TemplateId>(request.params.id), actor)
        return reply.code(204).send(null)
      },
    )
    app.get(
      '/v1/trash/templates',
      { config: read, schema: { tags, summary: 'Templates that were deleted lately', response: { 200: trashList } } },
      async (request) => ({ items: await content.trash(principalOf(request).workspaceId) }),
    )
    app.post(
      '/v1/templates/:id/take-back',
      {
        config: write,
        schema: { tags, summary: 'Take a deleted template out of the trash', params, response: { 200: template } },
      },
      (request) => {
        const { workspaceId, actor } = principalOf(request)
        return content.takeBack(workspaceId, brandAs<TemplateId>(request.params.id), actor)
      },
    )
    app.post(
      '/v1/templates/preview',
      {
        config: read,
        schema: {
          tags,
          summary: 'Render a template or a draft as a person would get it',
          body: templatePreviewRequest,
          response: { 200: templatePreview },
        },
      },
      (request) => previewOf(principalOf(request), request.body),
    )
    app.post(
      '/v1/templates/preview/html',
      {
        config: read,
        bodyLimit: 1_000_000,
        schema: {
          tags,
          summary: 'The same as a page: a form posts it into an <iframe sandbox>',
          consumes: ['application/x-www-form-urlencoded'],
          body: z.object({ request: z.string().max(900_000) }),
          response: { 200: pageAnswer },
        },
      },
      async (request, reply) => {
        const asked = templatePreviewRequest.safeParse(parseJson(request.body.request))
        if (!asked.success)
          throw new UserError('invalid-input', 'The form’s field "request" is not a preview request.', {
            remedy: 'Send the JSON of POST /v1/templates/preview in it.',
          })
        const { html, errors } = await previewOf(principalOf(request), asked.data)
        return sendSandboxedHtml(reply, html === '' ? errorPage(errors.map(({ message }) => message)) : html)
      },
    )
    app.get(
      '/v1/brand-kit',
      { config: read, schema: { tags, summary: 'The brand kit', response: { 200: brandKit } } },
      (request) => content.brandKit(principalOf(request).workspaceId),
    )
    app.put(
      '/v1/brand-kit',
      {
        config: { access: { ...write.access, reach: 'operation' } },
        schema: {
          tags,
          summary: 'Change the brand kit: only what is named changes',
          body: brandKitChange,
          response: { 200: brandKit },
        },
      },
      (request) => {
        const { workspaceId, actor } = principalOf(request)
        return content.changeBrandKit(workspaceId, request.body, actor)
      },
    )

    const previewOf = async (principal: Principal, body: TemplatePreviewRequest): Promise<TemplatePreview> => {
      const { workspaceId } = principal
      const { templateId, template: draft, personId, event } = body
      if (personId !== undefined && !may(principal, 'people:read'))
        throw new UserError('forbidden', `The role "${principal.role}" may not see this person.`, {
          remedy: 'Leave personId out: the preview is then made with sample data.',
          details: { permission: 'people:read' },
        })
      const wanted = draft ?? (templateId === undefined ? null : brandAs<TemplateId>(templateId))
      if (wanted === null)
        throw new UserError('invalid-input', 'There is nothing to render.', {
          remedy: 'Send template or templateId.',
        })
      const data = { person: await traitsOf(workspaceId, personId), event: event ?? sampleEvent, links: nowhere }
      return content.preview(workspaceId, wanted, data)
    }

    const traitsOf = async (
      workspaceId: Parameters<Content['get']>[0],
      personId: string | undefined,
    ): Promise<JsonObject> => {
      if (personId === undefined) return { firstName: 'Ada', email: 'ada@example.com' }
      const person = (await people.get(workspaceId, [brandAs<PersonId>(personId)])).get(brandAs<PersonId>(personId))
      if (!person) throw notFound('person')
      return person.traits
    }
  }

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

const errorPage = (messages: readonly string[]): string =>
  `<p style="font:14px sans-serif;color:#b42323">${messages
    .map((message) => message.replace(/[&<>]/g, (character) => escapes[character] ?? ''))
    .join('<br>')}</p>`
