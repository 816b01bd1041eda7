/** What goes between the server and a rendering child. Plain data: it travels as JSON. */
export interface TemplateSource {
  readonly subject: string
  /** Compiled HTML, Liquid still in it. */
  readonly html: string
  /** Null: made from the HTML. */
  readonly text: string | null
}
export interface RenderItem {
  readonly key: string
  /** Into `templates`. */
  readonly template: string
  readonly data: object
}
export type RenderRequest =
  | { readonly kind: 'compile'; readonly id: number; readonly mjml: string }
  | {
      readonly kind: 'render'
      readonly id: number
      readonly templates: Readonly<Record<string, TemplateSource>>
      readonly items: readonly RenderItem[]
    }

export interface TemplateProblem {
  readonly message: string
  readonly line: number | null
}
export type Compiled = { readonly html: string; readonly errors: readonly TemplateProblem[] }
export type RenderedItem =
  | {
      readonly kind: 'rendered'
      readonly key: string
      readonly subject: string
      readonly html: string
      readonly text: string
      readonly missing: readonly string[]
    }
  | { readonly kind: 'failed'; readonly key: string; readonly problem: TemplateProblem }
export type RenderAnswer =
  /** The child has loaded what it needs; sent unasked at its start, and after each `loading`. */
  | { readonly kind: 'ready' }
  /** It must load more before it can answer: until `ready` it counts as not started. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'compiled'; readonly id: number; readonly compiled: Compiled }
  | { readonly kind: 'rendered'; readonly id: number; readonly items: readonly RenderedItem[] }
