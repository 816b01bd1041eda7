import type { LeafCondition, Rule } from '@baton/contract'
import { type Instant, must, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import { operatorOf } from './operators/list.ts'
import { type KeyedRule, orderRules } from './order-rules.ts'
import { isLeaf, partsOf } from './rule-tree.ts'
import { collectSql, never } from './sql-scope.ts'

/** A rule with the bit that is its own in everybody's mask. */
export interface SlottedRule extends KeyedRule {
  readonly slot: number
}

/** Whom a query is about. A range is half open (after, upTo] in the order ClickHouse gives to ids; null is an open end. */
export type PeopleScope =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'range'; readonly after: PersonId | null; readonly upTo: PersonId | null }
  | { readonly kind: 'people'; readonly persons: readonly PersonId[] }

/** What a query is asked of, and when. Nothing above `batch` is read. */
export interface RuleQuery {
  readonly workspaceId: WorkspaceId
  readonly now: Instant
  readonly batch: number
  readonly scope: PeopleScope
}

export interface CompiledRules {
  /**
   * Columns: `person_id`, `words` (the mask, 32 slots a word), `leaves` (which of `leafConditions` hold, 32 a word),
   * `next_change_at` (epoch ms, `never` for none) and `answers` (0 or 1 for each of `nodes`, in their order).
   */
  readonly sql: string
  readonly params: Readonly<Record<string, unknown>>
  /** Distinct conditions that look at facts, in the order of the bits of `leaves`. */
  readonly leafConditions: readonly LeafCondition[]
}

/**
 * Same for every query of rules: texts become the numbers that JavaScript reads; hashing beat aggregation in order (four
 * times at 20 M events in 21 parts); a shared value computed for every row beats one computed again by each test.
 */
export const ruleQuerySettings = {
  precise_float_parsing: 1,
  optimize_aggregation_in_order: 0,
  short_circuit_function_evaluation: 'disable',
} as const

/**
 * All rules as one query over the events and the person table. Each event is given to its person (the map knows the
 * subjects that merges moved), figures are made per person and joined with her traits; then each distinct condition is
 * computed once, then the rules in the order in which they ask for each other. `nodes` are parts of rules to answer
 * separately (for previews).
 */
export const compileRules = (
  rules: readonly SlottedRule[],
  query: RuleQuery,
  nodes: readonly Rule[] = [],
): CompiledRules => {
  const order = orderRules(rules)
  if (order.kind !== 'ordered') throw new TypeError(`These rules can't be ordered: ${JSON.stringify(order)}`)
  const columnOfRule = new Map(order.rules.map((rule, index) => [rule.ruleKey, `r${index}`]))
  const collected = collectSql(query.now, (ruleKey) =>
    must(columnOfRule.get(ruleKey), `rule ${ruleKey} was checked to exist`),
  )
  const leaves = collectLeaves()

  const expression = (rule: Rule): string => {
    if (isLeaf(rule)) {
      const operator = operatorOf(rule)
      if (operator.references !== undefined) return operator.toSql(rule, collected.scope).holds
      return leaves.add(rule, () => operator.toSql(rule, collected.scope))
    }
    const parts = partsOf(rule).map(expression)
    switch (rule.kind) {
      case 'and':
        return parts.length === 0 ? '1' : `(${parts.join(' and ')})`
      case 'or':
        return parts.length === 0 ? '0' : `(${parts.join(' or ')})`
      case 'not':
        return `(not ${parts[0]})`
      case 'at-least':
        return parts.length === 0 ? '0' : `(${parts.map((part) => `toUInt16(${part})`).join(' + ')} >= ${rule.count})`
    }
  }

  const ruleColumns = order.rules.map(({ rule }, index) => `${expression(rule)} as r${index}`)
  const answers = nodes.map((node) => expression(node))
  const slots = order.rules.map(({ slot }, index) => ({ bit: slot, column: `r${index}` }))
  const { wheres, params } = scopeSql(query)
  const outputs = [
    'person_id',
    `${bitsSql(slots)} as words`,
    `${bitsSql(leaves.list.map((_, index) => ({ bit: index, column: `c${index}` })))} as leaves`,
    `${leaves.nextChanges.length === 0 ? never : `least(${[...leaves.nextChanges, never].join(', ')})`} as next_change_at`,
    ...(nodes.length > 0 ? [`[${answers.join(', ')}] as answers`] : []),
  ]
  return {
    sql: `select ${outputs.join(', ')}
from (select *${ruleColumns.map((column) => `, ${column}`).join('')}
from (select person_id${leaves.columns.map((column) => `, ${column}`).join('')}
from ${factsSql(collected, wheres)}))`,
    params: { ...collected.params, ...params },
    leafConditions: leaves.list,
  }
}

const collectLeaves = () => {
  const list: LeafCondition[] = []
  const columns: string[] = []
  const nextChanges: string[] = []
  const indexes = new Map<string, number>()
  const add = (leaf: LeafCondition, toSql: () => { holds: string; nextChange: string | null }): string => {
    const key = JSON.stringify(leaf)
    const known = indexes.get(key)
    if (known !== undefined) return `c${known}`
    const index = list.length
    indexes.set(key, index)
    list.push(leaf)
    const { holds, nextChange } = toSql()
    columns.push(`(${holds}) as c${index}`)
    if (nextChange !== null) {
      columns.push(`${nextChange} as n${index}`)
      nextChanges.push(`n${index}`)
    }
    return `c${index}`
  }
  return { list, columns, nextChanges, add }
}

/** One row a person with her traits' and events' figures as columns. */
const factsSql = (collected: ReturnType<typeof collectSql>, wheres: ScopeWheres): string => {
  const traits = [...collected.traits].map(([expression, name]) => `, ${expression} as ${name}`).join('')
  const persons = `(select person_id${traits} from person final
  where workspace_id = {workspaceId:UUID} and not gone${wheres.person}) as p`
  if (collected.figures.length === 0) return persons
  const { bind, now } = collected.scope
  const names = [...collected.events].map((event) => bind(event, 'String'))
  const nameOf = (column: string) => column.slice(column.lastIndexOf(' ') + 1)
  const needsMessageId = collected.figures.some((figure) => figure.includes('message_id'))
  const carried = [...collected.values.map(nameOf), 't', ...(needsMessageId ? ['message_id'] : [])]
  return `${persons}
  left any join (
    select person, ${collected.figures.join(', ')} from (
      select if(m.mapped, m.person_id, s.subject_id) as person, ${[...carried, ...collected.tests].join(', ')}
      from (
        select ${['subject_id', 'name', 'toUnixTimestamp64Milli(occurred_at) as t', ...(needsMessageId ? ['message_id'] : []), ...collected.values].join(', ')}
        from event
        prewhere workspace_id = {workspaceId:UUID}${wheres.subject}
        where batch <= {batch:UInt64} and name in (${names.join(', ')}) and t > 0 and t <= ${bind(now, 'Int64')}
      ) as s
      left any join (
        select subject_id, person_id, true as mapped from subject_person final
        where workspace_id = {workspaceId:UUID} and subject_id != person_id${wheres.map}
      ) as m on m.subject_id = s.subject_id
    )
    group by person
  ) as f on f.person = p.person_id`
}

interface ScopeWheres {
  readonly person: string
  readonly subject: string
  readonly map: string
}

const scopeSql = (query: RuleQuery): { wheres: ScopeWheres; params: Readonly<Record<string, unknown>> } => {
  const params = { workspaceId: query.workspaceId, batch: query.batch }
  const { scope } = query
  if (scope.kind === 'everybody') return { wheres: { person: '', subject: '', map: '' }, params }
  if (scope.kind === 'people') {
    const mine = 'person_id in {persons:Array(UUID)}'
    return {
      wheres: {
        person: ` and ${mine}`,
        subject: ` and subject_id in (select arrayJoin(subjects) from person final
              where workspace_id = {workspaceId:UUID} and not gone and ${mine})`,
        map: ` and ${mine}`,
      },
      params: { ...params, persons: scope.persons },
    }
  }
  const within = (column: string) =>
    (scope.after === null ? '' : ` and ${column} > {after:UUID}`) +
    (scope.upTo === null ? '' : ` and ${column} <= {upTo:UUID}`)
  const inRange = within('subject_id')
  return {
    wheres: {
      person: within('person_id'),
      subject:
        inRange === ''
          ? ''
          : ` and ((${inRange.slice(' and '.length)}) or subject_id in (select subject_id from subject_person final
              where workspace_id = {workspaceId:UUID}${within('person_id')}))`,
      // Everyone's: a subject in the range may belong to a person outside of it.
      map: '',
    },
    params: {
      ...params,
      ...(scope.after === null ? {} : { after: scope.after }),
      ...(scope.upTo === null ? {} : { upTo: scope.upTo }),
    },
  }
}

/** 0/1 columns as an array of 32-bit words, bit n of word w being number 32 w + n. */
const bitsSql = (bits: readonly { bit: number; column: string }[]): string => {
  const words: { columns: string[]; powers: number[] }[] = []
  for (const { bit, column } of bits) {
    const word = Math.floor(bit / 32)
    while (words.length <= word) words.push({ columns: [], powers: [] })
    const { columns, powers } = must(words[word], 'the loop above made it')
    columns.push(column)
    powers.push(2 ** (bit % 32))
  }
  if (words.length === 0) return 'emptyArrayUInt32()'
  const wordSql = ({ columns, powers }: { columns: string[]; powers: number[] }) =>
    columns.length === 0 ? '0' : `arrayDotProduct([${columns.join(', ')}], [${powers.join(', ')}])`
  return `[${words.map((word) => `toUInt32(${wordSql(word)})`).join(', ')}]`
}
