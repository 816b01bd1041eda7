export interface MailLink {
  readonly text: string
  readonly url: string
}

/**
 * The links of a mail by their words; parsed, never shown as HTML. Styles go first: the parser reports each of them as
 * against our CSP.
 */
export const linksOf = (html: string): readonly MailLink[] => {
  const plain = html.replace(/<style[\s\S]*?<\/style>/gi, '').replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, '')
  const page = new DOMParser().parseFromString(plain, 'text/html')
  const seen = new Set<string>()
  return [...page.querySelectorAll('a[href]')].flatMap((anchor) => {
    const url = anchor.getAttribute('href') ?? ''
    const text = (anchor.textContent ?? '').replace(/\s+/g, ' ').trim()
    if (!/^https?:\/\//.test(url) || seen.has(url)) return []
    seen.add(url)
    return [{ text: text === '' ? url : text, url }]
  })
}
