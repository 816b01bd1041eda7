import { type SeparatorName, separatorMarks } from '@baton/contract'
import { Parser } from 'csv-parse'

export type Encoding = 'utf8' | 'latin1'

export interface FileRecord {
  /** The physical line it ends on, 1 for the first of these bytes. */
  readonly line: number
  readonly cells: readonly string[]
  /** As it stands in the file, cut to 500 characters. */
  readonly text: string
}

/** A line that is no record: a quotation mark is opened and never closed, or it does not end within the piece. */
export interface BrokenLine {
  readonly line: number
  readonly text: string
  readonly reason: 'broken-quotes' | 'long-row'
}

export interface SplitPiece {
  readonly records: readonly FileRecord[]
  readonly broken: readonly BrokenLine[]
  /** What these records took; the rest belongs to the next piece. */
  readonly bytes: number
  readonly lines: number
}

export interface SplitOptions {
  readonly separator: SeparatorName
  readonly encoding: Encoding
  /** Nothing comes after these bytes. */
  readonly isLast: boolean
  /** Columns a row of this file has; a record over several lines with another number is a quote never closed. */
  readonly width?: number
}

/**
 * The complete records of a piece of a file that begins at a record. It keeps no state between pieces, so reading can
 * go on at any checkpoint, in another process.
 */
export const splitRecords = (piece: Buffer, options: SplitOptions): SplitPiece =>
  options.separator === 'whitespace' ? splitLines(piece, options) : splitSeparated(piece, options, options.separator)

const newline = 0x0a
const mostText = 500

const blankLines = Buffer.from('\n'.repeat(16))
const hasText = (bytes: Buffer): boolean => bytes.some((byte) => byte > 0x20)

const textOf = (bytes: Buffer, encoding: Encoding): string =>
  shown(
    bytes
      .subarray(0, mostText * 4)
      .toString(encoding)
      .trim(),
  )

/** A row as it is kept for who looks at what was rejected; PostgreSQL takes no NUL. */
const shown = (text: string): string => text.slice(0, mostText).replaceAll('\0', '\ufffd')

const splitLines = (piece: Buffer, { encoding, isLast }: SplitOptions): SplitPiece => {
  const end = isLast ? piece.length : piece.lastIndexOf(newline) + 1
  if (end === 0 && piece.length > 0)
    return {
      records: [],
      broken: [{ line: 1, text: textOf(piece, encoding), reason: 'long-row' }],
      bytes: piece.length,
      lines: 1,
    }
  const lines = piece.subarray(0, end).toString(encoding).split('\n')
  // What follows the last newline is no line of its own.
  if (lines.at(-1) === '') lines.pop()
  const records = lines.flatMap((text, index) => {
    const trimmed = text.trim()
    return trimmed === '' ? [] : [{ line: index + 1, cells: trimmed.split(/\s+/), text: shown(trimmed) }]
  })
  return { records, broken: [], bytes: end, lines: lines.length }
}

const splitSeparated = (
  piece: Buffer,
  options: SplitOptions,
  separator: Exclude<SeparatorName, 'whitespace'>,
): SplitPiece => {
  const { encoding, isLast } = options
  // Blank lines at the end make the parser, which looks some bytes ahead, give out the last record, too.
  const whole = isLast ? Buffer.concat([piece, blankLines]) : piece
  const records: FileRecord[] = []
  const broken: BrokenLine[] = []
  let bytes = 0
  let lines = 0
  for (;;) {
    const stretch = parseStretch(whole.subarray(bytes), { ...options, separator })
    for (const record of stretch.records) records.push({ ...record, line: record.line + lines })
    bytes += stretch.bytes
    lines += stretch.lines
    const rest = whole.subarray(bytes)
    // Before the end, what is left may be the beginning of a record; only where nothing at all was found is it broken.
    if (!stretch.isBroken && !(isLast ? hasText(rest) : bytes === 0)) break
    // Nothing but blank lines: with each taken for itself, a long stretch of them would hold the file up for hours.
    if (!hasText(rest)) return { records, broken, bytes: piece.length, lines: lines + countLines(rest) }
    const lineEnd = rest.indexOf(newline) + 1
    const taken = lineEnd === 0 ? rest.length : lineEnd
    lines += 1
    const text = textOf(rest.subarray(0, taken), encoding)
    if (text !== '') broken.push({ line: lines, text, reason: 'broken-quotes' })
    bytes += taken
  }
  return { records, broken, bytes: Math.min(bytes, piece.length), lines }
}

/** Records up to the first that is not one. */
const parseStretch = (
  bytes: Buffer,
  { separator, encoding, width }: SplitOptions & { readonly separator: Exclude<SeparatorName, 'whitespace'> },
): { records: FileRecord[]; bytes: number; lines: number; isBroken: boolean } => {
  const records: FileRecord[] = []
  let taken = 0
  let lines = 0
  let isBroken = false
  const parser = new Parser({
    delimiter: separatorMarks[separator],
    record_delimiter: ['\r\n', '\n', '\r'],
    encoding,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    on_record: (cells: string[], info) => {
      if (isBroken) return undefined
      if (width !== undefined && cells.length !== width && spansLines(cells)) {
        isBroken = true
        return undefined
      }
      const own = bytes.subarray(taken, info.bytes)
      lines += countLines(own)
      records.push({ line: lines, cells, text: textOf(own, encoding) })
      taken = info.bytes
      return undefined
    },
  })
  parser.on('error', () => undefined)
  parser.write(bytes)
  parser.destroy()
  return { records, bytes: taken, lines, isBroken }
}

const spansLines = (cells: readonly string[]): boolean => cells.some((cell) => /[\r\n]/.test(cell))

/** The parser's own count takes CRLF inside quotes for two. A file with CR alone has one line a record. */
const countLines = (bytes: Buffer): number => {
  let count = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1
  return Math.max(count, 1)
}
