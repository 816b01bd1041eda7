import { compile as compileHtmlToText } from 'html-to-text'
import { Liquid, type Template } from 'liquidjs'
import type { RenderedItem, RenderItem, TemplateProblem, TemplateSource } from './render-protocol.ts'

/** Cooperative limits; the hard ones are the parent's time-out and the child's heap. */
const limits = { parseLimit: 500_000, renderLimit: 1_000, memoryLimit: 20_000_000 }
const fileTags = ['include', 'render', 'layout', 'block'] as const

const createEngine = (isEscaped: boolean): Liquid => {
  const engine = new Liquid({
    ...limits,
    ownPropertyOnly: true,
    dynamicPartials: false,
    relativeReference: false,
    templates: {},
    ...(isEscaped ? { outputEscape: 'escape' as const } : {}),
  })
  for (const tag of fileTags) delete engine.tags[tag]
  return engine
}

/** HTML is escaped unless the template says `| raw`; subject and text are plain. */
const htmlEngine = createEngine(true)
const plainEngine = createEngine(false)

const toText = compileHtmlToText({
  wordwrap: 78,
  selectors: [
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
    { selector: 'table', format: 'block' },
  ],
})

interface Parsed {
  readonly subject: Template[]
  readonly html: Template[]
  readonly text: Template[] | null
  readonly variables: readonly (readonly string[])[]
}
const parsed = new Map<string, Parsed>()
const mostParsed = 200

const parse = (key: string, source: TemplateSource): Parsed => {
  const known = parsed.get(key)
  if (known) return known
  const made: Parsed = {
    subject: plainEngine.parse(source.subject),
    html: htmlEngine.parse(source.html),
    text: source.text === null ? null : plainEngine.parse(source.text),
    variables: variablesOf([source.subject, source.html, source.text ?? '']),
  }
  if (parsed.size >= mostParsed) parsed.clear()
  parsed.set(key, made)
  return made
}

/** Paths like ['person', 'first_name']; those with a computed part end before it. */
const variablesOf = (sources: readonly string[]): string[][] => {
  const paths = new Map<string, string[]>()
  for (const source of sources)
    for (const segments of plainEngine.globalVariableSegmentsSync(source)) {
      const path: string[] = []
      for (const segment of segments) {
        if (typeof segment !== 'string' && typeof segment !== 'number') break
        path.push(String(segment))
      }
      paths.set(path.join('.'), path)
    }
  return [...paths.values()]
}

const ofLiquid = new Set(['first', 'last', 'size'])
const isThere = (data: unknown, path: readonly string[]): boolean => {
  let at = data
  for (const name of path) {
    if (Array.isArray(at) && ofLiquid.has(name)) return true
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false
    at = Reflect.get(at, name)
  }
  return at !== null && at !== undefined && at !== ''
}

export const renderItem = (item: RenderItem, source: TemplateSource, cacheKey: string): RenderedItem => {
  try {
    const template = parse(cacheKey, source)
    const html = String(htmlEngine.renderSync(template.html, item.data))
    const subject = String(plainEngine.renderSync(template.subject, item.data)).replace(/\s+/g, ' ').trim()
    const text = template.text === null ? toText(html) : String(plainEngine.renderSync(template.text, item.data))
    const missing = template.variables.filter((path) => !isThere(item.data, path)).map((path) => path.join('.'))
    return { kind: 'rendered', key: item.key, subject, html, text, missing: missing.sort() }
  } catch (error) {
    return { kind: 'failed', key: item.key, problem: problemOf(error) }
  }
}

export const problemOf = (error: unknown): TemplateProblem => {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  const line = /, line:(\d+)/.exec(message)?.[1]
  return { message: message.slice(0, 300), line: line === undefined ? null : Number(line) }
}

/** Does the Liquid of a source parse? Null when it does. */
export const checkLiquid = (source: string): TemplateProblem | null => {
  try {
    htmlEngine.parse(source)
    return null
  } catch (error) {
    return problemOf(error)
  }
}
