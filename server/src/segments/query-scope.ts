import type { PersonId } from '../kernel/index.ts'
import { idsParam, idsSql } from './ids-sql.ts'
import { personSetSql } from './person-set-sql.ts'

/**
 * Whom a query is about. A range is half open (after, upTo] in the order ClickHouse gives to ids; null is an open end. A
 * set was written down for this query. Persons are named in the query itself: a few thousand at most.
 */
export type QueryScope =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'range'; readonly after: PersonId | null; readonly upTo: PersonId | null }
  | { readonly kind: 'set'; readonly setId: string }
  | { readonly kind: 'persons'; readonly persons: readonly PersonId[] }

/** A slice of everybody. */
export type Slice = Extract<QueryScope, { kind: 'range' }>

const within = ({ after, upTo }: Slice, column: string): string =>
  (after === null ? '' : ` and ${column} > {after:UUID}`) + (upTo === null ? '' : ` and ${column} <= {upTo:UUID}`)

const listSql = (scope: Extract<QueryScope, { kind: 'set' | 'persons' }>): string =>
  scope.kind === 'set' ? personSetSql : idsSql('persons')

/** ` and …` for rows of persons. */
export const personWhere = (scope: QueryScope): string => {
  switch (scope.kind) {
    case 'everybody':
      return ''
    case 'range':
      return within(scope, 'person_id')
    default:
      return ` and person_id in (${listSql(scope)})`
  }
}

/** ` and …` for rows of subjects: her own and those that were merged into her. */
export const subjectWhere = (scope: QueryScope): string => {
  if (scope.kind === 'everybody') return ''
  const ofMerged = (where: string) =>
    `select subject_id from subject_person final where workspace_id = {workspaceId:UUID}${where}`
  if (scope.kind !== 'range') return ` and subject_id in (${listSql(scope)} union all ${ofMerged(personWhere(scope))})`
  const inRange = within(scope, 'subject_id').slice(' and '.length)
  return inRange === '' ? '' : ` and ((${inRange}) or subject_id in (${ofMerged(within(scope, 'person_id'))}))`
}

/** Parameters of both. */
export const scopeParams = (scope: QueryScope): Readonly<Record<string, unknown>> => {
  switch (scope.kind) {
    case 'everybody':
      return {}
    case 'range':
      return {
        ...(scope.after === null ? {} : { after: scope.after }),
        ...(scope.upTo === null ? {} : { upTo: scope.upTo }),
      }
    case 'set':
      return { personSet: scope.setId }
    case 'persons':
      return { persons: idsParam(scope.persons) }
  }
}
