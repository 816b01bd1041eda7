/** MJML elements whose inside is text or HTML, where Liquid is left as it stands. */
const withText = new Set([
  'mj-text',
  'mj-button',
  'mj-raw',
  'mj-table',
  'mj-style',
  'mj-title',
  'mj-preview',
  'mj-social-element',
  'mj-navbar-link',
  'mj-accordion-title',
  'mj-accordion-text',
])
const token = /<!--[\s\S]*?-->|\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}|<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g

/**
 * Puts Liquid that stands between MJML elements into `<mj-raw>`: MJML drops bare text there without a word, so a section
 * meant for some would go to all. Liquid inside attributes and texts stays.
 */
export const wrapLiquid = (mjml: string): string => {
  let inText: string | null = null
  return mjml.replace(
    token,
    (whole, closing: string | undefined, name: string | undefined, rest: string | undefined) => {
      if (name === undefined) return inText === null && !whole.startsWith('<!--') ? `<mj-raw>${whole}</mj-raw>` : whole
      if (inText !== null) {
        if (closing === '/' && name === inText) inText = null
        return whole
      }
      if (closing === '' && withText.has(name) && !rest?.endsWith('/')) inText = name
      return whole
    },
  )
}
