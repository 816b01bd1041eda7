import { z } from 'zod'
import { must } from '../../server/src/kernel/index.ts'

/** As much of JSON Schema as the OpenAPI document uses for what a route takes. */
export const jsonSchema = z.object({
  $ref: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  minLength: z.number().default(0),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  minItems: z.number().default(0),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), jsonSchema).default({})
  },
  get items() {
    return jsonSchema.optional()
  },
  get additionalProperties() {
    return z.union([z.boolean(), jsonSchema]).optional()
  },
  get propertyNames() {
    return jsonSchema.optional()
  },
  get anyOf() {
    return z.array(jsonSchema).optional()
  },
  get oneOf() {
    return z.array(jsonSchema).optional()
  },
  get allOf() {
    return z.array(jsonSchema).optional()
  },
})
export type JsonSchema = z.infer<typeof jsonSchema>

/** Whose things the values name: every uuid and every field that is called an id says `id`. */
export interface Told {
  readonly id: string
  readonly email: string
  /** What a path says of versions. */
  readonly version: number
}

/** The shortest first; the first that fits a field's pattern and length stands in it. */
const words = [
  'Orchard',
  'orchard',
  'EUR',
  '#336699',
  '08:00',
  '2026-01-01',
  'https://example.com/',
  'a few words do well',
]

type Values = readonly unknown[]

/**
 * Values that fit a schema: only what is required, and whatever names one of the things that are told. Where a union
 * has several ways to name one there is a value for each, so that none hides behind another.
 */
export const valuesOf = (
  root: JsonSchema,
  { schemas, told }: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly told: Told },
  rootField = '',
): Values => {
  const names = (value: unknown): boolean => namesAny(value, told)

  /** `within` are the schemas we are inside of: one that is met again has no value there, so that each has an end. */
  const of = (schema: JsonSchema, field: string, within: readonly string[]): Values => {
    if (schema.$ref !== undefined) {
      const name = must(schema.$ref.split('/').at(-1), 'a split has a last part')
      if (within.includes(name)) return []
      return of(must(schemas[name], `the document has the schema ${name}`), field, [...within, name])
    }
    if ('const' in schema) return [schema.const]
    if (schema.enum !== undefined) return schema.enum.slice(0, 1)
    const options = schema.anyOf ?? schema.oneOf
    if (options !== undefined) {
      const values = options.flatMap((option) => of(option, field, within))
      return values.some(names) ? values.filter(names) : values.slice(0, 1)
    }
    if (schema.allOf !== undefined) {
      const parts = schema.allOf.map((part) => of(part, field, within))
      return together(parts).map((values) => (values.every(isObject) ? Object.assign({}, ...values) : values[0]))
    }
    return ofType(schema, field, within)
  }

  const ofType = (schema: JsonSchema, field: string, within: readonly string[]): Values => {
    const type = [schema.type].flat()[0]
    if (type === 'object') return ofObject(schema, within)
    if (type === 'array') return ofArray(schema, field, within)
    if (type === 'integer' || type === 'number') return [field === 'version' ? told.version : leastNumber(schema)]
    if (type === 'boolean') return [true]
    if (type === 'null') return [null]
    return [textFor(schema, field, told)]
  }

  const ofArray = (schema: JsonSchema, field: string, within: readonly string[]): Values => {
    const items = schema.items === undefined ? [] : of(schema.items, field, within)
    const telling = items.filter(names)
    if (telling.length > 0)
      return telling.map((item) => Array.from({ length: Math.max(1, schema.minItems) }, () => item))
    if (schema.minItems === 0) return [[]]
    return items.slice(0, 1).map((item) => Array.from({ length: schema.minItems }, () => item))
  }

  const ofObject = (schema: JsonSchema, within: readonly string[]): Values => {
    const parts = Object.entries(schema.properties).map(([name, part]) => ({ name, values: of(part, name, within) }))
    const isNeeded = (name: string): boolean => schema.required.includes(name)
    const needed = parts.filter(({ name }) => isNeeded(name))
    const telling = parts
      .filter(({ name }) => !isNeeded(name))
      .map(({ name, values }) => ({ name, values: values.filter(names) }))
      .filter(({ values }) => values.length > 0)
    // Of a whole body or query also none and each alone: what is looked up first must not hide the others.
    const fewer = schema === root ? [[], ...(telling.length > 1 ? telling.map((each) => [each]) : [])] : []
    const chosen = telling.length > 0 ? [...fewer, telling] : [[]]
    return chosen.flatMap((optional) => {
      const fields = [...needed, ...optional]
      return together(fields.map(({ values }) => values)).map((values) =>
        Object.fromEntries(fields.map(({ name }, at) => [name, values[at]])),
      )
    })
  }

  return of(root, rootField, [])
}

/** Does it name one of the things that are told? */
export const namesAny = (value: unknown, { id, email }: Told): boolean => {
  const text = JSON.stringify(value) ?? ''
  return text.includes(id) || text.includes(email)
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Side by side rather than each with each: as many as the longest has; none when one has none. */
const together = (parts: readonly Values[]): readonly Values[] => {
  if (parts.some((values) => values.length === 0)) return []
  const count = Math.max(1, ...parts.map((values) => values.length))
  return Array.from({ length: count }, (_, at) => parts.map((values) => values[at % values.length]))
}

const leastNumber = ({ minimum, exclusiveMinimum }: JsonSchema): number =>
  exclusiveMinimum === undefined ? Math.max(minimum ?? 0, 0) : exclusiveMinimum + 1

const textFor = (schema: JsonSchema, field: string, told: Told): string => {
  if (schema.format === 'uuid' || /Id$|^ids?$/.test(field)) return told.id
  if (schema.format === 'email' || field === 'email') return told.email
  if (field === 'timeZone') return 'UTC'
  const pattern = new RegExp(schema.pattern ?? '', 'u')
  const fits = (word: string): boolean =>
    pattern.test(word) && word.length >= schema.minLength && word.length <= (schema.maxLength ?? word.length)
  const usable = schema.format === 'uri' ? words.filter((word) => URL.canParse(word)) : words
  return must(usable.find(fits), `a word for ${field}, which must fit ${schema.pattern}, ${schema.minLength} or longer`)
}
