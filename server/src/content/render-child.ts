/**
 * A rendering child: compiles MJML and renders Liquid, one request after another. It runs without the right to files
 * (but its own code), network or processes, with a small heap, and is killed when a batch takes too long.
 */
import { createHash } from 'node:crypto'
import { checkLiquid, renderItem } from './liquid-render.ts'
import type { Compiled, RenderAnswer, RenderRequest } from './render-protocol.ts'
import { wrapLiquid } from './wrap-liquid.ts'

type Mjml = typeof import('mjml')['default']

const compile = async (mjml2html: Mjml, mjml: string): Promise<Compiled> => {
  const broken = checkLiquid(mjml)
  if (broken) return { html: '', errors: [broken] }
  if (/<mj-include\b/i.test(mjml))
    return { html: '', errors: [{ message: 'mj-include is not allowed: put the part in', line: null }] }
  try {
    const options = { fonts: {}, validationLevel: 'soft', ignoreIncludes: true, keepComments: false } as const
    const { html, errors } = await mjml2html(wrapLiquid(mjml), options)
    return { html, errors: errors.map(({ line, message }) => ({ message, line: line ?? null })) }
  } catch (error) {
    return { html: '', errors: [{ message: error instanceof Error ? error.message : String(error), line: null }] }
  }
}

/**
 * Only who compiles needs it, and it takes a third of a second to load: a message that is due does not wait for it. Loading is
 * not the template's time, so the parent is told when it is done; and where it fails, this child has not started.
 */
const loadMjml = async (): Promise<Mjml> => {
  if (mjml !== undefined) return mjml
  process.send?.({ kind: 'loading' } satisfies RenderAnswer)
  try {
    mjml = (await import('mjml')).default
  } catch {
    process.exit(1)
  }
  process.send?.({ kind: 'ready' } satisfies RenderAnswer)
  return mjml
}
let mjml: Mjml | undefined

const answer = async (request: RenderRequest): Promise<RenderAnswer> => {
  if (request.kind === 'compile') {
    const mjml2html = await loadMjml()
    return { kind: 'compiled', id: request.id, compiled: await compile(mjml2html, request.mjml) }
  }
  const keys = new Map(
    Object.entries(request.templates).map(([name, source]) => [
      name,
      { source, cacheKey: createHash('sha256').update(JSON.stringify(source)).digest('base64') },
    ]),
  )
  const items = request.items.map((item) => {
    const template = keys.get(item.template)
    if (template) return renderItem(item, template.source, template.cacheKey)
    return {
      kind: 'failed' as const,
      key: item.key,
      problem: { message: 'Its template was not sent along', line: null },
    }
  })
  return { kind: 'rendered', id: request.id, items }
}

// Ctrl-C reaches every process of the terminal. Whoever started this one ends it, when what is being rendered is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('message', (request: RenderRequest) => {
  answer(request).then((ready) => process.send?.(ready))
})
process.on('disconnect', () => process.exit(0))
process.send?.({ kind: 'ready' } satisfies RenderAnswer)
