import { z } from 'zod'

/** Milliseconds since 1970-01-01 UTC. */
export const instant = z.int()
export const id = z.string().min(1).max(200)
export const uuid = z.uuid()
/** Amounts in minor units of an ISO 4217 currency. */
export const money = z.object({ minor: z.int(), currency: z.string().length(3) })
export type Money = z.infer<typeof money>
/** No order or cost has more minor units than this, either way: a hundred thousand million euros. What states more is a slip. */
export const mostMinor = 10 ** 13

/** One page of a list, newest or first by the list's order; `next` is passed back as `cursor`. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() })
export const pageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const errorEnvelope = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      /** What to do about it. */
      remedy: z.string().optional(),
      details: z.unknown().optional(),
    }),
  })
  .meta({ id: 'Error' })
export type ErrorEnvelope = z.infer<typeof errorEnvelope>

/** What refers to itself has an id, under which the OpenAPI document describes it once. */
export const json: z.ZodType<Json> = z
  .lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]))
  .meta({ id: 'Json' })
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export const jsonObject = z.record(z.string(), json)
