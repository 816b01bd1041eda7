import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { jsonSchema, valuesOf } from './valid-values.ts'

const id = '0198c5a0-0000-7000-8000-000000000001'
const told = { id, email: 'ann@example.com', version: 7 }

/** As the OpenAPI document has it, and each value proved to fit. */
const valuesFor = (schema: z.ZodType): readonly unknown[] => {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io: 'input' })
  const fits = new Ajv2020({ strict: false, validateFormats: false }).compile({ $defs, ...root })
  const schemas = Object.fromEntries(Object.entries($defs).map(([name, each]) => [name, jsonSchema.parse(each)]))
  const values = valuesOf(jsonSchema.parse(root), { schemas, told })
  expect(values.filter((value) => !fits(value))).toEqual([])
  return values
}

describe('values that fit a schema', () => {
  test('have what is required, and of the rest what names a thing', () => {
    const body = z.object({ name: z.string().min(3), note: z.string().optional(), personId: z.uuid().optional() })
    expect(valuesFor(body)).toEqual([{ name: 'Orchard' }, { name: 'Orchard', personId: id }])
  })

  test('name optional things each alone and all at once', () => {
    const query = z.object({ journeyId: z.uuid().optional(), personId: z.uuid().optional() })
    expect(valuesFor(query)).toEqual([{}, { journeyId: id }, { personId: id }, { journeyId: id, personId: id }])
  })

  test('try every way of a union that names a thing, and end where a rule holds rules', () => {
    const rule: z.ZodType = z
      .lazy(() =>
        z.union([
          z.object({ kind: z.literal('trait'), path: z.string() }),
          z.object({ kind: z.literal('all'), rules: z.array(rule) }),
          z.object({ kind: z.literal('segment'), segmentId: z.uuid() }),
          z.object({ kind: z.literal('person'), personId: z.uuid() }),
        ]),
      )
      .meta({ id: 'Rule' })
    expect(valuesFor(z.object({ rule }))).toEqual([
      { rule: { kind: 'segment', segmentId: id } },
      { rule: { kind: 'person', personId: id } },
    ])
  })

  test('keep to patterns, lengths and least numbers', () => {
    const body = z.object({
      slug: z.string().regex(/^[a-z-]+$/),
      colour: z.string().regex(/^#[0-9a-f]{6}$/),
      on: z.iso.date(),
      password: z.string().min(12),
      count: z.int().positive(),
      share: z.number().min(0.25).nullable(),
      tags: z.array(z.string()).min(2),
      to: z.email(),
    })
    expect(valuesFor(body)).toEqual([
      {
        slug: 'orchard',
        colour: '#336699',
        on: '2026-01-01',
        password: 'https://example.com/',
        count: 1,
        share: 0.25,
        tags: ['Orchard', 'Orchard'],
        to: told.email,
      },
    ])
  })
})
