import { escapeHtml } from '../content/index.ts'

const anchor = /(<a\b[^>]*?\shref=)("([^"]*)"|'([^']*)')/gi
const web = /^https?:\/\//i
/** What may stand behind a link in a mail; anything else (javascript:, data:, …) leads nowhere. */
const harmless = /^(https?:|mailto:|tel:|#|$)/i

/** An address as it goes on the wire, in ASCII whatever script it was written in. */
export const wireUrl = (url: string): string => (URL.canParse(url) ? new URL(url).href : encodeURI(url))

/**
 * Sends web links through `tracked`, which gets them as they go on the wire, except those in `untouched` (unsubscribe and
 * preferences) and what is no address; disarms the rest.
 */
export const trackLinks = (html: string, untouched: readonly string[], tracked: (url: string) => string): string =>
  html.replace(anchor, (_, before: string, _quoted: string, double: string | undefined, single: string | undefined) => {
    const url = unescapeHtml(double ?? single ?? '').trim()
    const isTracked = web.test(url) && URL.canParse(url) && !untouched.includes(url)
    const to = isTracked ? tracked(wireUrl(url)) : harmless.test(url) ? url : '#'
    return `${before}"${escapeHtml(to)}"`
  })

/** The open pixel, last thing in the body. */
export const addPixel = (html: string, url: string): string => {
  const pixel = `<img src="${escapeHtml(url)}" width="1" height="1" alt="" style="display:block;border:0" />`
  const at = html.lastIndexOf('</body>')
  return at < 0 ? html + pixel : html.slice(0, at) + pixel + html.slice(at)
}

const unescapeHtml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|#x27|apos|#34);/g, (_, name: string) => characters[name] ?? '')
const characters: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
  apos: "'",
  '#34': '"',
}
