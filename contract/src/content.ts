import { z } from 'zod'
import { instant, jsonObject } from './common.ts'
import { expectedUpdatedAt } from './history.ts'

/** Content: templates and their versions, the brand kit, hosted forms. */
export const templateDraft = z.object({
  name: z.string().min(1).max(120),
  /** Liquid. */
  subject: z.string().min(1).max(500),
  /** MJML with Liquid in it, compiled once per version. */
  mjml: z.string().min(1).max(200_000),
  /** Liquid; none: made from the HTML. */
  text: z.string().max(100_000).nullable().default(null),
  topic: z.string().min(1).max(60),
})
export type TemplateDraft = z.infer<typeof templateDraft>

/** PUT /v1/templates/:id */
export const templateChange = templateDraft.extend({
  expectedUpdatedAt,
})
export type TemplateChange = z.infer<typeof templateChange>

export const template = templateDraft.extend({
  templateId: z.uuid(),
  version: z.int(),
  updatedAt: instant,
  updatedBy: z.string(),
})
export type Template = z.infer<typeof template>

/** What a message is made of: `person` (traits), `event` (properties of the entry event), `brand`, `links`. */
export const templatePreviewRequest = z.object({
  templateId: z.uuid().optional(),
  template: templateDraft.optional(),
  personId: z.uuid().optional(),
  event: jsonObject.optional(),
})
export type TemplatePreviewRequest = z.infer<typeof templatePreviewRequest>
export const templatePreview = z.object({
  subject: z.string(),
  /** Show in an `<iframe sandbox>` without scripts. */
  html: z.string(),
  text: z.string(),
  /** Variables the template names and the data does not have, e.g. `person.firstName`. */
  missing: z.array(z.string()),
  errors: z.array(z.object({ message: z.string(), line: z.int().nullable() })),
})
export type TemplatePreview = z.infer<typeof templatePreview>
export const templateTestRequest = z.object({ to: z.email(), personId: z.uuid().optional() })
export const templateTestAnswer = z.object({
  outcome: z.enum(['accepted', 'refused', 'uncertain']),
  detail: z.string(),
})

export const brandKit = z.object({
  name: z.string().min(1).max(120),
  /** `#rrggbb`: buttons and headings. */
  color: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'a colour like #1f6feb'),
  /** Postal address, shown in every mail. */
  address: z.string().max(500),
  website: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  logoUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
})
export type BrandKit = z.infer<typeof brandKit>
const { name, color, address, website, logoUrl } = brandKit.shape
/** PUT /v1/brand-kit: only what is named changes. (Unwrapped: a default would change what is not named.) */
export const brandKitChange = z
  .object({ name, color, address, website: website.unwrap(), logoUrl: logoUrl.unwrap() })
  .partial()
export type BrandKitChange = z.infer<typeof brandKitChange>

export const hostedForm = z.object({
  slug: z.string(),
  title: z.string(),
  intro: z.string(),
  consentWording: z.string(),
  /** Where it is served, to link or to embed. */
  url: z.string(),
  answers: z.int(),
})
export type HostedForm = z.infer<typeof hostedForm>
