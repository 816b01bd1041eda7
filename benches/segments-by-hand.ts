import type { Rule } from '../contract/src/index.ts'

/**
 * One rule as the best SQL we can write for it alone on the same tables: only its events, only its columns, a plain
 * aggregate; people without such events only where the rule can hold for them. The reference of the bench.
 */
export const handWritten = (rule: Rule, now: number): string => {
  switch (rule.kind) {
    case 'and':
      return rule.of.map((part) => `(${handWritten(part, now)})`).join(' intersect distinct ')
    case 'or':
      return rule.of.map((part) => `(${handWritten(part, now)})`).join(' union distinct ')
    case 'not':
      return `${everybody} except distinct (${handWritten(rule.of, now)})`
    case 'trait':
      return typeof rule.value === 'number'
        ? `${everybody} and traits.${rule.path}.:Float64 >= ${rule.value}`
        : `${everybody} and traits.${rule.path}.:String = '${rule.value}'`
    case 'event-count': {
      const where = rule.where.map(({ path, value }) => ` and properties.${path}.:Float64 > ${value}`).join('')
      if (rule.is === 'equals' && rule.value === 0)
        return `${everybody} except distinct (${perPerson(rule.event, rule.window?.lastMs, now, where, '1')})`
      return perPerson(rule.event, rule.window?.lastMs, now, where, `count() >= ${rule.value}`)
    }
    case 'event-sum':
      return perPerson(
        rule.event,
        rule.window?.lastMs,
        now,
        '',
        `sum(properties.${rule.path}.:Float64) >= ${rule.value}`,
      )
    default:
      throw new Error(`The bench has no hand-written SQL for ${rule.kind}`)
  }
}

const everybody = 'select person_id from person final where workspace_id = {w:UUID} and not gone'

const perPerson = (event: string, lastMs: number | undefined, now: number, where: string, having: string): string =>
  `select if(m.mapped, m.person_id, s.subject_id) as person_id from event s left any join (
     select subject_id, person_id, true as mapped from subject_person final where workspace_id = {w:UUID}) m on m.subject_id = s.subject_id
   where workspace_id = {w:UUID} and batch <= {batch:UInt64} and name = '${event}'${
     lastMs === undefined ? '' : ` and occurred_at > fromUnixTimestamp64Milli(${now - lastMs})`
   }${where}
   group by person_id having ${having}`
