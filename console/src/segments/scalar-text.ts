type Scalar = string | number | boolean

/** What somebody typed as a value: numbers and truth values by themselves, `"42"` in quotes for text. */
export const readScalar = (typed: string): Scalar => {
  const quoted = /^"(.*)"$/s.exec(typed)
  if (quoted) return quoted[1] ?? ''
  if (typed === 'true') return true
  if (typed === 'false') return false
  return /^-?\d{1,15}(\.\d+)?$/.test(typed) ? Number(typed) : typed
}

/** The same backwards: text that would be read as something else gets its quotes. */
export const writeScalar = (value: Scalar | undefined): string => {
  if (value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  return typeof readScalar(value) === 'string' && !value.startsWith('"') ? value : `"${value}"`
}
