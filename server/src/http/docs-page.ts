import { z } from 'zod'
import { schemaInWords } from './docs-schema.ts'

const content = z.record(z.string(), z.looseObject({ schema: z.unknown() }))
const parameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  description: z.string().optional(),
  schema: z.unknown(),
})
const operation = z.looseObject({
  summary: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z.looseObject({ content }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string(), content: content.optional() })),
  'x-baton-access': z.record(z.string(), z.unknown()).optional(),
})
const openApi = z.looseObject({
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()).optional() }),
})
type Operation = z.infer<typeof operation>

/** The OpenAPI document as one page of plain HTML: it runs no script and asks nobody for anything. */
export const docsPage = (document: unknown): ((nonce: string) => string) => {
  const { info, paths, components } = openApi.parse(document)
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), described })),
  )
  const byTag = Map.groupBy(listed, ({ described }) => described.tags?.[0] ?? 'other')
  const tags = [...byTag.keys()].sort()
  const sections = tags.map((tag) => {
    const operations = (byTag.get(tag) ?? []).map(({ path, method, described }) => shownRoute(method, path, described))
    return `<section aria-labelledby="tag-${slug(tag)}"><h2 id="tag-${slug(tag)}">${escaped(capital(tag))}</h2>${operations.join('')}</section>`
  })
  const schemas = Object.entries(components.schemas ?? {}).map(
    ([name, schema]) =>
      `<details id="schema-${slug(name)}"><summary><h3>${escaped(name)}</h3></summary>${typed(schema)}</details>`,
  )
  const body = `<header><h1>${escaped(info.title)} API <small>${escaped(info.version)}</small></h1>
${paragraphs(info.description)}<p>For programs: <a href="/v1/openapi.json">the same as OpenAPI 3.1</a>.</p>
<nav aria-label="Parts"><ul>${[...tags, 'shared shapes'].map((tag) => `<li><a href="#tag-${slug(tag)}">${escaped(capital(tag))}</a></li>`).join('')}</ul></nav></header>
<main>${sections.join('')}<section aria-labelledby="tag-shared-shapes"><h2 id="tag-shared-shapes">Shared shapes</h2>${schemas.join('')}</section></main>`
  return (nonce) =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(info.title)} API</title><link rel="icon" href="data:,"><style nonce="${nonce}">${style}</style></head><body>${body}</body></html>`
}

const shownRoute = (method: string, path: string, described: Operation): string => {
  const { summary = '', description, parameters = [], requestBody, responses } = described
  const rows = parameters.map(
    (each) =>
      `<dt><code>${escaped(each.name)}</code> <span>${escaped(each.in)}${each.required === true ? ', needed' : ''}</span></dt><dd>${escaped(each.description ?? '')}${typed(each.schema)}</dd>`,
  )
  const taken = Object.keys(requestBody?.content ?? {})
  const [body] = Object.values(requestBody?.content ?? {})
  const answers = Object.entries(responses).map(([status, { description: says, content: held = {} }]) => {
    const isError = Number(status) >= 400
    const shapes = Object.entries(held).map(([type, { schema }]) =>
      isError && type === 'application/json' ? '' : `<p><code>${escaped(type)}</code></p>${typed(schema)}`,
    )
    return `<dt><strong>${escaped(status)}</strong></dt><dd>${paragraphs(says)}${shapes.join('')}</dd>`
  })
  return `<details id="${slug(`${method} ${path}`)}"><summary><h3><b class="${method.toLowerCase()}">${method}</b> <code>${escaped(path)}</code></h3> ${escaped(summary)}</summary>
<p>${escaped(whoMay(described['x-baton-access']))}</p>${description === undefined ? '' : paragraphs(description)}
${rows.length === 0 ? '' : `<h4>Takes</h4><dl>${rows.join('')}</dl>`}
${body === undefined ? '' : `<h4>Body</h4><p>${taken.map((type) => `<code>${escaped(type)}</code>`).join(', ')}</p>${typed(body.schema)}`}
<h4>Answers</h4><dl>${answers.join('')}</dl></details>`
}

const whoMay = (access: Operation['x-baton-access'] = {}): string => {
  if (typeof access.permission === 'string')
    return `Who is signed in, or an API key, with the permission ${access.permission}.`
  if (access.session === true) return 'Who is signed in.'
  return access.writeKey === true ? 'A write key.' : 'Anybody.'
}

const typed = (schema: unknown): string => {
  const words = escaped(schemaInWords(schema)).replace(
    /⟨(\w+)⟩/g,
    (_, name: string) => `<a href="#schema-${slug(name)}">${name}</a>`,
  )
  return `<pre>${words}</pre>`
}

const paragraphs = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((each) => `<p>${escaped(each).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`)
    .join('')

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '')

const style = `
:root{color-scheme:light dark;--ink:#1b1d22;--dim:#4d5360;--back:#fff;--card:#f4f5f7;--line:#d5d8de;--link:#0b57a4;--get:#0b5c36;--post:#0b57a4;--put:#7a4a00;--delete:#a11b1b}
@media (prefers-color-scheme:dark){:root{--ink:#e9eaee;--dim:#b4b9c4;--back:#16181d;--card:#1f2229;--line:#383d48;--link:#8cc1ff;--get:#7fd6a6;--post:#8cc1ff;--put:#f0c070;--delete:#ff9c94}}
*{box-sizing:border-box}body{margin:0 auto;max-width:62rem;padding:1.5rem 1rem 4rem;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.8rem}h1 small{font-size:1rem;color:var(--dim)}h2{margin-top:2.5rem}h3{display:inline;font-size:1rem;font-weight:500}h4{margin:1rem 0 .25rem}
a{color:var(--link)}code,pre{font:.875rem/1.5 ui-monospace,monospace}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}
details{border:1px solid var(--line);border-radius:6px;margin:.4rem 0;padding:.5rem .75rem}summary{cursor:pointer}details[open]>summary{margin-bottom:.75rem}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
pre{background:var(--card);border-radius:4px;margin:.25rem 0;padding:.5rem .75rem;white-space:pre-wrap}dl{margin:0}dt span,dd p{color:var(--dim)}dd{margin:0 0 .75rem 1rem}dd p{margin:.25rem 0}
b{font-size:.8rem}.get{color:var(--get)}.post{color:var(--post)}.put,.patch{color:var(--put)}.delete{color:var(--delete)}`
