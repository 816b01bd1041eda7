import {
  type BrandKit,
  type BrandKitChange,
  brandKit,
  type Template,
  type TemplateChange,
  type TemplateDraft,
  type TemplatePreview,
  type TrashItem,
} from '@baton/contract'
import type { JsonObject } from '../collect/index.ts'
import { notFound, UserError } from '../http/index.ts'
import {
  brandAs,
  type Clock,
  idOf,
  must,
  newId,
  RetryableError,
  type TemplateId,
  type WorkspaceId,
} from '../kernel/index.ts'
import type { WorkspaceSource } from '../policy/index.ts'
import type { Postgres } from '../stores/index.ts'
import { changedSince, historyPage, refuseInUse, trashBegins, trashOf } from '../workspaces/index.ts'
import { type DefaultTemplate, defaultTemplates } from './default-templates/index.ts'
import type { RenderPool } from './render-pool.ts'
import type { RenderedItem, TemplateProblem, TemplateSource } from './render-protocol.ts'
import {
  addVersion,
  countSeeded,
  insertTemplate,
  listTemplates,
  listVersions,
  lockBrandKit,
  readBrandKit,
  readTemplates,
  readVersion,
  type StoredTemplate,
  writeBrandKit,
} from './template-store.ts'
import { deleteTemplate, forgetTemplates, listTrash, seedOf, undeleteTemplate } from './template-trash-store.ts'

/** What a message is made of. The brand is added by content. */
export interface RenderData {
  readonly person: JsonObject
  readonly event: JsonObject
  readonly links: {
    readonly unsubscribe: string
    readonly preferences: string
    /** Leads to a page where she says that the address is hers. */
    readonly confirm: string
  }
}
export interface RenderJob {
  readonly key: string
  readonly templateId: TemplateId
  readonly data: RenderData
}
export type Rendered =
  | {
      readonly kind: 'rendered'
      readonly subject: string
      readonly html: string
      readonly text: string
      readonly version: number
      readonly missing: readonly string[]
    }
  | { readonly kind: 'failed'; readonly reason: 'template-missing' | 'template-error'; readonly message: string }

export interface Content {
  list(
    workspaceId: WorkspaceId,
    page: { after: readonly [string, string] | null; limit: number },
  ): Promise<readonly Template[]>
  get(workspaceId: WorkspaceId, templateId: TemplateId): Promise<Template>
  /**
   * Throws `invalid-input` with the problems when it can't be compiled, `conflict` when it is not as of
   * `expectedUpdatedAt` any more.
   */
  save(workspaceId: WorkspaceId, templateId: TemplateId | null, draft: TemplateChange, actor: string): Promise<Template>
  /** What it was when, by whom, and what changed; newest first. */
  versions(
    workspaceId: WorkspaceId,
    templateId: TemplateId,
    page: { before: number | null; limit: number },
  ): ReturnType<typeof historyPage>
  /** Saves what it was once as a new version. */
  restore(workspaceId: WorkspaceId, templateId: TemplateId, version: number, actor: string): Promise<Template>
  /** Into the trash, unless a journey sends it or it is one of Baton's own. */
  remove(workspaceId: WorkspaceId, templateId: TemplateId, actor: string): Promise<void>
  trash(workspaceId: WorkspaceId): Promise<TrashItem[]>
  takeBack(workspaceId: WorkspaceId, templateId: TemplateId, actor: string): Promise<Template>
  /** What has left the trash and made no message is removed. */
  tend(workspaceId: WorkspaceId): Promise<void>
  /** Every job gets an answer; one that fails stops no other. */
  render(workspaceId: WorkspaceId, jobs: readonly RenderJob[]): Promise<ReadonlyMap<string, Rendered>>
  preview(workspaceId: WorkspaceId, template: TemplateDraft | TemplateId, data: RenderData): Promise<TemplatePreview>
  brandKit(workspaceId: WorkspaceId): Promise<BrandKit>
  changeBrandKit(workspaceId: WorkspaceId, change: BrandKitChange, actor: string): Promise<BrandKit>
  close(): Promise<void>
}

/** The id of a default template in a workspace: journeys' templates name it before it is used. */
export const defaultTemplateId = (workspaceId: WorkspaceId, template: DefaultTemplate): TemplateId =>
  idOf<TemplateId>('default template', workspaceId, template)

export const createContent = (deps: {
  postgres: Postgres
  clock: Clock
  workspaces: WorkspaceSource
  pool: RenderPool
  /** Journeys that send a template; they stand below. */
  usesOf: (workspaceId: WorkspaceId, templateId: TemplateId) => Promise<readonly { id: string; name: string }[]>
}): Content => {
  const { postgres, clock, workspaces, pool } = deps
  const seeded = new Set<WorkspaceId>()
  let compiledDefaults: Promise<readonly (readonly [string, TemplateDraft, string])[]> | undefined

  const compileDefaults = () => {
    compiledDefaults ??= Promise.all(
      Object.entries(defaultTemplates).map(
        async ([seed, draft]) => [seed, draft, await compiledDefault(draft)] as const,
      ),
    ).catch((error: unknown) => {
      compiledDefaults = undefined
      throw error
    })
    return compiledDefaults
  }

  /** They do compile: where one does not, the renderer is short of time or memory, and nothing empty may be kept. */
  const compiledDefault = async (draft: TemplateDraft): Promise<string> => {
    const { html, problems } = await compiled(draft)
    if (html === '')
      throw new RetryableError(
        `A default template could not be compiled: ${problems[0]?.message ?? 'no answer'}`,
        2_000,
      )
    return html
  }

  /** A workspace gets the default templates when its templates are first asked for. */
  const ensureSeeded = async (workspaceId: WorkspaceId): Promise<void> => {
    if (seeded.has(workspaceId)) return
    const wanted = Object.keys(defaultTemplates).length
    if ((await postgres.inWorkspace(workspaceId, (tx) => countSeeded(tx, workspaceId))) < wanted) {
      const drafts = await compileDefaults()
      await postgres.inWorkspace(workspaceId, async (tx) => {
        for (const [seed, draft, html] of drafts)
          await insertTemplate(tx, workspaceId, idOf<TemplateId>('default template', workspaceId, seed), seed, {
            ...draft,
            compiled: html,
            at: clock.now(),
            by: 'baton',
          })
      })
    }
    seeded.add(workspaceId)
  }

  const compiled = async (draft: TemplateDraft): Promise<{ html: string; problems: readonly TemplateProblem[] }> => {
    const { html, errors } = await pool.compile(draft.mjml)
    // Where Liquid stands in for a value, MJML can't know that it is a colour or an address.
    return { html, problems: errors.filter(({ message }) => !message.includes('{{')) }
  }

  const stored = async (
    workspaceId: WorkspaceId,
    templateIds: readonly TemplateId[],
  ): Promise<readonly StoredTemplate[]> => {
    await ensureSeeded(workspaceId)
    return postgres.inWorkspace(workspaceId, (tx) => readTemplates(tx, workspaceId, templateIds))
  }

  const get: Content['get'] = async (workspaceId, templateId) => {
    const [found] = await stored(workspaceId, [templateId])
    if (!found || found.isDeleted) throw notFound('template')
    return shown(found)
  }

  const kitOf = async (workspaceId: WorkspaceId): Promise<BrandKit> => {
    const kept = brandKit.safeParse(await postgres.inWorkspace(workspaceId, (tx) => readBrandKit(tx, workspaceId)))
    if (kept.success) return kept.data
    const { name } = await workspaces.get(workspaceId)
    return { name, color: '#1f6feb', address: '', website: null, logoUrl: null }
  }

  /** `restored`: the version of its own that it is made like again. */
  const save = async (
    workspaceId: WorkspaceId,
    templateId: TemplateId | null,
    { expectedUpdatedAt, ...draft }: TemplateChange,
    actor: string,
    restored?: number,
  ): Promise<Template> => {
    const { html, problems } = await compiled(draft)
    if (html === '')
      throw new UserError('invalid-input', problems[0]?.message ?? 'The template can’t be compiled.', {
        remedy: 'Mend the lines named in details, then save again.',
        details: problems,
      })
    const id = templateId ?? newId<TemplateId>()
    const version = { ...draft, compiled: html, at: clock.now(), by: actor }
    await ensureSeeded(workspaceId)
    return postgres.inWorkspace(workspaceId, async (tx) => {
      if (templateId === null) await insertTemplate(tx, workspaceId, id, null, version)
      else {
        const outcome = await addVersion(tx, workspaceId, templateId, version, expectedUpdatedAt)
        if (outcome.kind === 'missing') throw notFound('template')
        if (outcome.kind === 'changed-meanwhile')
          throw await changedSince(tx, 'template', { by: outcome.to.updatedBy, at: outcome.to.updatedAt })
      }
      const action =
        templateId === null ? 'template.made' : restored === undefined ? 'template.changed' : 'template.restored'
      const detail = restored === undefined ? {} : { version: restored }
      await workspaces.audit(tx, { workspaceId, actor, action, object: `template:${id}`, detail })
      // Within the transaction: what this save made, not what somebody saved after it.
      const [saved] = await readTemplates(tx, workspaceId, [id])
      return shown(must(saved, 'it was written above'))
    })
  }

  const render: Content['render'] = async (workspaceId, jobs) => {
    const templates = await stored(workspaceId, [...new Set(jobs.map(({ templateId }) => templateId))])
    const byId = new Map<string, StoredTemplate>(templates.map((one) => [one.templateId, one]))
    const brand = await kitOf(workspaceId)
    const sources = Object.fromEntries(templates.map((one) => [one.templateId, sourceOf(one)]))
    const items = await pool.render(
      sources,
      jobs
        .filter(({ templateId }) => byId.has(templateId))
        .map(({ key, templateId, data }) => ({ key, template: templateId, data: { ...data, brand } })),
    )
    const byKey = new Map(items.map((item) => [item.key, item]))
    return new Map(
      jobs.map(({ key, templateId }) => [key, outcomeOf(byKey.get(key), byId.get(templateId)?.version ?? null)]),
    )
  }

  return {
    list: async (workspaceId, page) => {
      await ensureSeeded(workspaceId)
      const rows = await postgres.inWorkspace(workspaceId, (tx) => listTemplates(tx, workspaceId, page))
      return rows.map(shown)
    },
    get,
    save,
    versions: async (workspaceId, templateId, page) => {
      await get(workspaceId, templateId)
      return postgres.inWorkspace(workspaceId, async (tx) => {
        const rows = await listVersions(tx, workspaceId, templateId, { ...page, limit: page.limit + 1 })
        return historyPage(tx, rows, page.limit, { labels: templateLabels })
      })
    },
    restore: async (workspaceId, templateId, version, actor) => {
      const kept = await postgres.inWorkspace(workspaceId, (tx) => readVersion(tx, workspaceId, templateId, version))
      if (!kept) throw notFound('version of this template')
      return save(workspaceId, templateId, kept, actor, version)
    },
    remove: async (workspaceId, templateId, actor) => {
      const uses = await deps.usesOf(workspaceId, templateId)
      const at = await workspaces.domainNow(workspaceId)
      await postgres.inWorkspace(workspaceId, async (tx) => {
        const found = await seedOf(tx, workspaceId, templateId)
        if (!found) throw notFound('template')
        const own = found.seed === null ? [] : [{ kind: 'baton' as const, id: found.seed, name: 'gallery and forms' }]
        refuseInUse([...own, ...uses.map((use) => ({ kind: 'journey' as const, ...use }))])
        await deleteTemplate(tx, workspaceId, templateId, at, actor)
        await workspaces.audit(tx, { workspaceId, actor, action: 'template.deleted', object: `template:${templateId}` })
      })
    },
    trash: async (workspaceId) => {
      const after = trashBegins(await workspaces.domainNow(workspaceId))
      return postgres.inWorkspace(workspaceId, async (tx) => trashOf(tx, await listTrash(tx, workspaceId, after)))
    },
    takeBack: async (workspaceId, templateId, actor) => {
      const after = trashBegins(await workspaces.domainNow(workspaceId))
      await postgres.inWorkspace(workspaceId, async (tx) => {
        if (!(await undeleteTemplate(tx, workspaceId, templateId, after))) throw notFound('template in the trash')
        const object = `template:${templateId}`
        await workspaces.audit(tx, { workspaceId, actor, action: 'template.taken-back', object })
      })
      return get(workspaceId, templateId)
    },
    tend: async (workspaceId) => {
      const before = trashBegins(await workspaces.domainNow(workspaceId))
      await postgres.inWorkspace(workspaceId, (tx) => forgetTemplates(tx, workspaceId, before))
    },
    render,
    preview: async (workspaceId, template, data) => {
      const draft = typeof template === 'string' ? await get(workspaceId, template) : template
      const { html, problems } = await compiled(draft)
      const nothing = { subject: '', html: '', text: '', missing: [] }
      if (html === '') return { ...nothing, errors: [...problems] }
      const source = { subject: draft.subject, html, text: draft.text }
      const brand = await kitOf(workspaceId)
      const [item] = await pool.render({ draft: source }, [
        { key: 'draft', template: 'draft', data: { ...data, brand } },
      ])
      if (item?.kind !== 'rendered') return { ...nothing, errors: [...problems, ...(item ? [item.problem] : [])] }
      return {
        subject: item.subject,
        html: item.html,
        text: item.text,
        missing: [...item.missing],
        errors: [...problems],
      }
    },
    brandKit: kitOf,
    changeBrandKit: async (workspaceId, change, actor) => {
      const first = await kitOf(workspaceId)
      const at = clock.now()
      return postgres.inWorkspace(workspaceId, async (tx) => {
        const kept = brandKit.safeParse(await lockBrandKit(tx, workspaceId, first, at))
        const kit = { ...(kept.data ?? first), ...change }
        await writeBrandKit(tx, workspaceId, kit, at)
        const detail = { changed: Object.keys(change) }
        await workspaces.audit(tx, { workspaceId, actor, action: 'brand-kit.changed', object: 'brand-kit', detail })
        return kit
      })
    },
    close: () => pool.close(),
  }
}

const templateLabels = { name: 'Name', subject: 'Subject', mjml: 'MJML', text: 'Text', topic: 'Topic' }

const sourceOf = (one: StoredTemplate): TemplateSource => ({ subject: one.subject, html: one.compiled, text: one.text })
const shown = ({ compiled: _, isDeleted: __, ...template }: StoredTemplate): Template => ({
  ...template,
  templateId: brandAs<TemplateId>(template.templateId),
})

const outcomeOf = (item: RenderedItem | undefined, version: number | null): Rendered => {
  if (version === null)
    return { kind: 'failed', reason: 'template-missing', message: 'The template does not exist any more' }
  if (item?.kind === 'rendered') return { ...item, version }
  return { kind: 'failed', reason: 'template-error', message: item?.problem.message ?? 'It was not rendered' }
}
