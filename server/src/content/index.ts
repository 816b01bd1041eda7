/** Content: templates and their versions, rendered in children; the brand kit; hosted forms. */
export {
  type Content,
  createContent,
  defaultTemplateId,
  type RenderData,
  type Rendered,
  type RenderJob,
} from './content.ts'
export { createRenderPool, type RenderPool } from './render-pool.ts'
