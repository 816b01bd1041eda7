import type { Rule } from '@baton/contract'
import type { PersonId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'
import { compileRules, type RuleQuery, ruleQuerySettings, type SlottedRule } from './compile-rules.ts'
import { nodesOf } from './rule-tree.ts'

export interface PreviewCounts {
  readonly total: number
  /** In the order of `nodesOf`; the first is the whole rule. */
  readonly counts: readonly number[]
  /** Up to `sampleSize` of those for whom the rule holds, evenly chosen, and the same ones each time. */
  readonly sample: readonly PersonId[]
  readonly examples: readonly PersonId[]
  readonly entering: number
  readonly leaving: number
}

/** Counts a rule, each of its parts, and who would come in and go out, in one query over everybody. */
export const countPreview = async (
  clickhouse: ClickHouse,
  rule: Rule,
  others: readonly SlottedRule[],
  query: RuleQuery & { readonly memberSlot: number | null; readonly sampleSize: number },
): Promise<PreviewCounts> => {
  const nodes = nodesOf(rule).map((node) => node.rule)
  const compiled = compileRules(others, query, nodes)
  const member =
    query.memberSlot === null
      ? '0'
      : `bitTest(m.words[${Math.floor(query.memberSlot / 32) + 1}], ${query.memberSlot % 32})`
  const rows = await clickhouse.query<PreviewCounts>({
    sql: `select toUInt64(count()) as total, sumForEach(n.answers) as counts,
        arrayMap(x -> toString(x.2), groupArraySortedIf(${query.sampleSize})((sipHash64(n.person_id), n.person_id), n.answers[1] = 1))
          as sample,
        arrayMap(x -> toString(x), groupArrayIf(10)(n.person_id, n.answers[1] = 1)) as examples,
        countIf(n.answers[1] = 1 and not ${member}) as entering, countIf(n.answers[1] = 0 and ${member}) as leaving
      from (${compiled.sql}) as n
      ${
        query.memberSlot === null
          ? ''
          : `left any join (select person_id, words from rule_mask final
              where workspace_id = {workspaceId:UUID} and not gone) as m on m.person_id = n.person_id`
      }`,
    params: compiled.params,
    settings: ruleQuerySettings,
    pool: 'serve',
  })
  const row = rows[0]
  return row ?? { total: 0, counts: [], sample: [], examples: [], entering: 0, leaving: 0 }
}
