/** A small page for customers: no script, styles by nonce, readable by every reader. Text given here is escaped by `html`. */
export const publicPage = (title: string, body: string, nonce: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style nonce="${escapeHtml(nonce)}">
:root { color-scheme: light dark; --accent: light-dark(#1f4fbf, #9db8ff); --line: light-dark(#c3c9d2, #4b5563) }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: light-dark(#f4f5f7, #14171c); color: light-dark(#1f2933, #e6e9ee) }
main { max-width: 36rem; margin: 2rem auto; padding: 1.5rem; background: light-dark(#fff, #1d2128); border-radius: 8px; overflow-wrap: anywhere }
h1 { font-size: 1.4rem; margin-top: 0 } h2 { font-size: 1.1rem }
fieldset { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; padding: .75rem 1rem }
label { display: block; margin: .5rem 0 } .hint { display: block; margin-left: 1.6rem; opacity: .85; font-size: .9rem }
label[for] { margin: 1rem 0 .25rem } .problem { display: block; margin: .25rem 0; color: light-dark(#a61b1b, #ff9d9d) } [aria-invalid] { border-color: currentColor !important; color: light-dark(#a61b1b, #ff9d9d) !important }
input[type=text], input[type=email], textarea, select { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; border: 1px solid var(--line); border-radius: 6px; background: transparent; color: inherit }
select { color-scheme: light dark; background: light-dark(#fff, #1d2128) }
button { font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: 6px; background: light-dark(#1f4fbf, #9db8ff); color: light-dark(#fff, #14171c); cursor: pointer }
a { color: var(--accent) } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.trap { position: absolute; left: -999rem }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`

/** Template tag: every value is escaped; a list of already-made pieces is joined. */
export const html = (
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup => ({
  markup: parts.reduce((all, part, i) => all + part + (i < values.length ? pieceOf(values[i] ?? '') : ''), ''),
})
export interface Markup {
  readonly markup: string
}

const pieceOf = (value: string | number | Markup | readonly Markup[]): string => {
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
