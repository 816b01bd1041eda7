/**
 * Reads as much SQL as is needed to decide how one HTTP request is run: what it does, where the data of an
 * `INSERT … FORMAT` begins, and that it is one statement. Pure; it never changes the text of a query.
 */
export type Statement =
  /** Answers rows and changes nothing. `placeholders` are the names in `{name:Type}`. */
  | { readonly kind: 'read'; readonly sql: string; readonly placeholders: readonly string[] }
  | { readonly kind: 'write'; readonly sql: string; readonly placeholders: readonly string[] }
  /** `head` ends with `FORMAT <name>`; the rows are `data` (what followed in the same text), then the request's body. */
  | { readonly kind: 'insert-data'; readonly head: string; readonly format: string; readonly data: string }
  | { readonly kind: 'refused'; readonly code: number; readonly name: string; readonly reason: string }

const reading = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'FROM'])

export const readStatement = (sql: string): Statement => {
  const scanned = scan(sql)
  if (scanned.kind === 'refused') return scanned
  const { words, end, dataAt, placeholders } = scanned
  const verb = words[0]?.word
  if (verb === undefined) return refused(62, 'SYNTAX_ERROR', 'Empty query. Send the query in the URL or the body')
  if (dataAt !== null) {
    const readsRows = words.some(({ word, depth }) => depth === 0 && (word === 'SELECT' || word === 'WITH'))
    if (readsRows)
      return refused(
        48,
        'NOT_IMPLEMENTED',
        'INSERT … SELECT from rows in the request is not supported by the embedded engine. Insert the rows into a table first',
      )
    return {
      kind: 'insert-data',
      head: sql.slice(0, dataAt.from),
      format: dataAt.format,
      data: sql.slice(dataAt.from).replace(/^[ \t]*(?:\r?\n)?/, ''),
    }
  }
  if (words.some(({ word }) => word === 'OUTFILE' || word === 'INFILE'))
    return refused(48, 'NOT_IMPLEMENTED', 'INTO OUTFILE and FROM INFILE are not allowed over HTTP')
  const text = sql.slice(0, end)
  const writes = words.some(({ word, depth }) => depth === 0 && word === 'INSERT')
  if (reading.has(verb) && !writes) return { kind: 'read', sql: text, placeholders }
  // A view may keep placeholders of its own.
  return { kind: 'write', sql: text, placeholders: verb === 'CREATE' ? [] : placeholders }
}

const refused = (code: number, name: string, reason: string) => ({ kind: 'refused', code, name, reason }) as const

interface Word {
  readonly word: string
  readonly depth: number
}
type Scan =
  | {
      readonly kind: 'scanned'
      readonly words: readonly Word[]
      /** Where the statement ends: before a last `;` or at the end of the text. */
      readonly end: number
      readonly dataAt: { readonly from: number; readonly format: string } | null
      readonly placeholders: readonly string[]
    }
  | Extract<Statement, { kind: 'refused' }>

/** White space, comments, quoted text, words, and any other single character. */
const token = new RegExp(
  [
    String.raw`(?<space>\s+|--[^\n]*|#[! ][^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<quoted>'(?:\\[\s\S]|''|[^'\\])*(?:'|$)|"(?:\\[\s\S]|""|[^"\\])*(?:"|$)|${'`'}(?:\\[\s\S]|${'``'}|[^${'`'}\\])*(?:${'`'}|$)|\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$))`,
    '(?<word>[A-Za-z_][A-Za-z0-9_]*)',
    '(?<number>[0-9][A-Za-z0-9_.]*)',
    String.raw`(?<mark>[\s\S])`,
  ].join('|'),
  'y',
)

const scan = (sql: string): Scan => {
  const words: Word[] = []
  const placeholders: string[] = []
  let opened: string | null = null
  let depth = 0
  let end: number | null = null
  let at = 0
  while (at < sql.length) {
    token.lastIndex = at
    const found = token.exec(sql)?.groups ?? {}
    const from = at
    at = token.lastIndex
    if (found.space !== undefined) continue
    if (end !== null)
      return refused(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed. Send one statement a request')
    // `{`, a name, `:` make a placeholder; a map literal has quotes there.
    if (found.mark === '{') opened = ''
    else if (found.mark === ':' && opened !== null && opened !== '') placeholders.push(opened)
    else opened = opened === '' && found.word !== undefined ? found.word : null
    if (found.mark === ';') end = from
    else if (found.mark === '(') depth += 1
    else if (found.mark === ')') depth -= 1
    else if (found.word !== undefined) {
      const word = found.word.toUpperCase()
      const previous = words.at(-1)
      // `FORMAT <name>` of an INSERT at the top level: whatever follows is data, not SQL.
      if (previous?.word === 'FORMAT' && previous.depth === 0 && depth === 0 && words[0]?.word === 'INSERT') {
        if (word !== 'VALUES')
          return { kind: 'scanned', words, end: at, dataAt: { from: at, format: found.word }, placeholders: [] }
      }
      words.push({ word, depth })
    } else if (words.length === 0) words.push({ word: found.mark === '(' ? 'SELECT' : '', depth })
  }
  return { kind: 'scanned', words, end: end ?? sql.length, dataAt: null, placeholders }
}
