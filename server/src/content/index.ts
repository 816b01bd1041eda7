/** Content: templates and their versions, rendered in children; the brand kit; hosted forms and public pages. */
export {
  type Content,
  createContent,
  defaultTemplateId,
  type RenderData,
  type Rendered,
  type RenderJob,
} from './content.ts'
export { type Unconfirmed, unconfirmed } from './enquiry-form.ts'
export { formsRoutes } from './forms.ts'
export { escapeHtml, html, type Markup, publicPage } from './public-page.ts'
export { createRenderPool, type RenderPool } from './render-pool.ts'
export { contentRoutes } from './routes.ts'
