/** A JSON schema in the notation TypeScript's readers know; a reference stands as ⟨Name⟩. */
export const schemaInWords = (schema: unknown, depth = 0): string => {
  if (!isSchema(schema)) return 'anything'
  if (typeof schema.$ref === 'string') return `⟨${schema.$ref.split('/').at(-1) ?? ''}⟩`
  if ('const' in schema) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return schema.enum.map((each) => JSON.stringify(each)).join(' | ')
  for (const [keyword, word] of joined) {
    const parts: unknown = schema[keyword]
    if (Array.isArray(parts)) return [...new Set(parts.map((each) => schemaInWords(each, depth)))].join(word)
  }
  if (Array.isArray(schema.type))
    return schema.type.map((type: unknown) => schemaInWords({ ...schema, type }, depth)).join(' | ')
  if (schema.type === 'array') return `list of ${schemaInWords(schema.items, depth)}`
  if (schema.type === 'object') return objectInWords(schema, depth)
  const limits = limitsOf(schema)
  const word = typeof schema.format === 'string' ? schema.format : String(schema.type ?? 'anything')
  return limits === '' ? word : `${word} (${limits})`
}

type Schema = Readonly<Record<string, unknown>>
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null
const joined = [
  ['anyOf', ' | '],
  ['oneOf', ' | '],
  ['allOf', ' & '],
] as const

const objectInWords = (schema: Schema, depth: number): string => {
  const { properties, additionalProperties: more } = schema
  const needed = new Set<unknown>(Array.isArray(schema.required) ? schema.required : [])
  const inner = '  '.repeat(depth + 1)
  const named = Object.entries(isSchema(properties) ? properties : {}).map(([name, each]) => {
    const words = schemaInWords(each, depth + 1)
    const note = isSchema(each) && typeof each.description === 'string' ? `  // ${each.description}` : ''
    return `${inner}${name}${needed.has(name) ? '' : '?'}: ${words}${note}`
  })
  const open =
    more === undefined || more === false || named.length > 0
      ? []
      : [`${inner}[name]: ${schemaInWords(more, depth + 1)}`]
  const lines = [...named, ...open]
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
}

const safeBounds = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
const limitsOf = (schema: Schema): string => {
  const [least, most] = [schema.minimum ?? schema.minLength, schema.maximum ?? schema.maxLength].map((each) =>
    typeof each === 'number' && !safeBounds.has(each) ? each : null,
  )
  if (least != null && most != null) return `${least} to ${most}`
  if (least != null) return `${least} or more`
  return most != null ? `${most} at most` : ''
}
