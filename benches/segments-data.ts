import { flatJson, gatherEventParts } from '../server/src/people/index.ts'
import type { ClickHouse } from '../server/src/stores/index.ts'

/** What a shop's history looks like to the tick, made inside ClickHouse. */
export interface SegmentsData {
  readonly workspaceId: string
  readonly people: number
  readonly events: number
  /** The last event's time, epoch ms. */
  readonly until: number
}

const days = 90
/** One in fifty events belongs to one of two hundred heavy people (bots, resellers). */
const heavyPeople = 200

/** A UUID of a number expression (as UInt64), spread over the whole range as version 4 ids are. */
const uuidOf = (number: string): string =>
  `reinterpretAsUUID(concat(reinterpretAsString(sipHash64(toUInt64(${number}), 1)), reinterpretAsString(sipHash64(toUInt64(${number}), 2))))`

/** People 0 … n-1, one in ten of them made of two subjects; events of UUID subjects with JSON properties. */
export const fillSegmentsData = async (clickhouse: ClickHouse, data: SegmentsData): Promise<void> => {
  const { workspaceId, people, events, until } = data
  const merged = Math.floor(people / 10)
  const params = { w: workspaceId, people, merged, subjects: people + merged, events, until }
  await clickhouse.command({
    sql: `insert into subject_person select {w:UUID}, ${uuidOf('number + {people:UInt64}')}, ${uuidOf('number')}, 1
      from numbers({merged:UInt64})`,
    params,
    pool: 'long',
  })
  await clickhouse.command({
    sql: `insert into person (workspace_id, person_id, subjects, identifiers, traits, first_seen_at, gone, version)
      select {w:UUID}, ${uuidOf('number')},
        if(number < {merged:UInt64}, [${uuidOf('number')}, ${uuidOf('number + {people:UInt64}')}], [${uuidOf('number')}]),
        [('email', concat('p', toString(number), '@shop.example'))],
        concat('{"email":"p', toString(number), '@shop.example","plan":"', ['free', 'plus', 'pro'][1 + number % 3],
          '","age":', toString(18 + number % 60), '.0,"locale":"es-ES"}')::JSON(max_dynamic_paths = 256),
        fromUnixTimestamp64Milli({until:Int64}), false, 1
      from numbers({people:UInt64})`,
    params,
    pool: 'long',
  })
  const slice = 1_000_000
  for (let from = 0; from < events; from += slice)
    await clickhouse.command({
      sql: `insert into event (workspace_id, subject_id, occurred_at, received_at, type, name, message_id, historic, properties, context, batch, position)
        with number as i, sipHash64(i, 3) % 100 as pick,
          multiIf(pick < 40, 'Product Viewed', pick < 60, 'Product List Viewed', pick < 70, 'Product Added', pick < 75, 'Checkout Started', pick < 79, 'Order Completed', 'Page Viewed') as what,
          toUInt64(if(sipHash64(i, 4) % 50 = 0, sipHash64(i, 5) % ${heavyPeople}, sipHash64(i, 5) % {subjects:UInt64})) as who,
          fromUnixTimestamp64Milli({until:Int64} - toInt64(${days} * 86400000 * (1 - (i + sipHash64(i, 6) % 1000) / ({events:UInt64} + 1000)))) as at
        select {w:UUID}, ${uuidOf('who')}, at, at, if(what = 'Page Viewed', 'page', 'track'), what, toString(${uuidOf('i + 1000000000000')}), false,
          multiIf(
            what = 'Page Viewed', concat('{"path":"/p/', toString(i % 997), '","title":"Page ', toString(i % 997), '"}'),
            what in ('Order Completed', 'Checkout Started'), concat('{"order_id":"o', toString(i), '","revenue":', toString(5 + sipHash64(i, 7) % 200), '.5,"currency":"EUR","price":', toString(sipHash64(i, 8) % 60), '.0}'),
            concat('{"product_id":"p', toString(i % 5000), '","category":"', ['toys', 'books', 'games'][1 + i % 3], '","price":', toString(sipHash64(i, 8) % 60), '.0}'))::JSON(max_dynamic_paths = 256),
          '{"library.name":"analytics-node"}'::JSON(max_dynamic_paths = 64), 1, intDiv(i, 100)
        from numbers({from:UInt64}, {count:UInt64})`,
      params: { ...params, from, count: Math.min(slice, events - from) },
      settings: { max_insert_threads: 2 },
      pool: 'long',
    })
  // As a night's chores leave it.
  await gatherEventParts(clickhouse)
}

/** A robot, or a till: so many events of one person, the last of all, over the same ninety days, after the others. Answers who it is. */
export const addHeavyPerson = async (
  clickhouse: ClickHouse,
  { workspaceId, people, until }: SegmentsData,
  { events, batch }: { readonly events: number; readonly batch: number },
): Promise<string> => {
  const params = { w: workspaceId, who: people - 1, events, until, batch, properties: flatJson(newFactProperties) }
  await clickhouse.command({
    sql: `insert into event (workspace_id, subject_id, occurred_at, received_at, type, name, message_id, historic, properties, batch, position)
      with fromUnixTimestamp64Milli({until:Int64} - toInt64(${days} * 86400000 * (1 - number / {events:UInt64}))) as at
      select {w:UUID}, ${uuidOf('{who:UInt64}')}, at, at, 'track',
        ['Product Viewed', 'Product Added', 'Checkout Started', 'Product List Viewed', 'Order Completed'][1 + number % 5],
        concat('heavy-', toString(number)), false, {properties:String}::JSON(max_dynamic_paths = 256), {batch:UInt64}, {batch:UInt64}
      from numbers({events:UInt64})`,
    params,
    settings: { max_partitions_per_insert_block: 200 },
    pool: 'long',
  })
  const [found] = await clickhouse.query<{ id: string }>({
    sql: `select toString(${uuidOf('{who:UInt64}')}) as id`,
    params,
  })
  return found?.id ?? ''
}

export interface NewFact {
  readonly personId: string
  readonly name: string
}

export const newFactProperties = { revenue: 25.5, price: 12, category: 'toys' }

/**
 * New facts: one event each for so many people. One in `actEvery` orders, looks, adds to a cart or begins to pay, which changes
 * rules of hers; the others do what `others` says: look at a list of cheap things, which rules ask about and none is
 * changed by, or view a page, which no rule asks about.
 */
export const addEvents = async (
  clickhouse: ClickHouse,
  data: SegmentsData,
  request: {
    readonly people: number
    readonly at: number
    readonly batch: number
    readonly seed: number
    readonly actEvery: number
    readonly others: 'Product List Viewed' | 'Page Viewed'
  },
): Promise<readonly NewFact[]> => {
  const properties = flatJson(newFactProperties)
  const params = { w: data.workspaceId, ...request, all: data.people, properties }
  const who = uuidOf('sipHash64(number, {seed:UInt64}) % {all:UInt64}')
  const what = `if(number % {actEvery:UInt64} = 0, ['Order Completed', 'Product Viewed', 'Product Added', 'Checkout Started'][1 + intDiv(number, {actEvery:UInt64}) % 4], {others:String})`
  await clickhouse.command({
    sql: `insert into event (workspace_id, subject_id, occurred_at, received_at, type, name, message_id, historic, properties, batch, position)
      select {w:UUID}, ${who}, fromUnixTimestamp64Milli({at:Int64}), fromUnixTimestamp64Milli({at:Int64}), 'track',
        ${what}, concat('new-', toString({seed:UInt64}), '-', toString(number)), false,
        {properties:String}::JSON(max_dynamic_paths = 256), {batch:UInt64}, {batch:UInt64}
      from numbers({people:UInt64})`,
    params,
    pool: 'long',
  })
  return clickhouse.query<NewFact>({
    sql: `select toString(${who}) as personId, ${what} as name from numbers({people:UInt64})`,
    params,
  })
}
