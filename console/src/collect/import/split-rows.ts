import { type SeparatorName, separatorMarks } from '@baton/contract'

/**
 * The rows of the beginning of a file. Quotes hold marks and line ends together (RFC 4180); blank lines are left out.
 * Where the file goes on (`isWhole` false) its last row may be cut, and is left out, too.
 */
export const splitRows = (text: string, separator: SeparatorName, isWhole: boolean): readonly (readonly string[])[] => {
  const rows = separator === 'whitespace' ? splitBlanks(text) : splitMarked(text, separatorMarks[separator])
  const mayBeCut = !isWhole && rows.length > 1 && !/[\r\n]$/.test(text)
  return (mayBeCut ? rows.slice(0, -1) : rows).filter((row) => row.some((cell) => cell !== ''))
}

const splitBlanks = (text: string): readonly (readonly string[])[] =>
  text.split(/\r\n|\n|\r/).map((line) => line.trim().split(/\s+/))

const splitMarked = (text: string, mark: string): readonly (readonly string[])[] => {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  for (;;) {
    const { cell, end } = readQuoted(text, at, mark) ?? readPlain(text, at, mark)
    row.push(cell)
    at = end + (text.startsWith('\r\n', end) ? 2 : 1)
    if (text[end] === mark) continue
    rows.push(row)
    row = []
    if (at >= text.length) return rows
  }
}

interface ReadCell {
  readonly cell: string
  /** Where the mark or line end after it stands. */
  readonly end: number
}

const quoted = /[ \t]*"(?<inside>[^"]*(?:""[^"]*)*)"[ \t]*/y

/** Null when no quote opens here, or when more than a mark follows the closing one: then quotes are plain letters. */
const readQuoted = (text: string, at: number, mark: string): ReadCell | null => {
  quoted.lastIndex = at
  const inside = quoted.exec(text)?.groups?.inside
  if (inside === undefined) return null
  // A tab that separates has been taken for a blank after the quote.
  const taken = text.slice(at, quoted.lastIndex)
  const end = at + (mark === '\t' ? taken.trimEnd().length : taken.length)
  const next = text[end]
  if (next !== undefined && next !== mark && next !== '\n' && next !== '\r') return null
  return { cell: inside.replaceAll('""', '"').trim(), end }
}

const readPlain = (text: string, at: number, mark: string): ReadCell => {
  let end = at
  while (end < text.length && text[end] !== mark && text[end] !== '\n' && text[end] !== '\r') end += 1
  return { cell: text.slice(at, end).trim(), end }
}
