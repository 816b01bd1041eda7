import { newId, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'

/** The ids of the set named by the parameter `personSet`, for `in (…)`. */
export const personSetSql =
  'select person_id from person_set where workspace_id = {workspaceId:UUID} and set_id = {personSet:UUID}'

/**
 * Writes down whom a query is about: ids in the text of a query are copied and hashed by every step of its planning
 * (5,000 ids: 200 ms of a tick's 550; written down, 15). Answers with the name of the set.
 */
export const writePersonSet = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<string> => {
  const setId = newId<string>()
  await clickhouse.insert({
    table: 'person_set',
    columns: ['workspace_id', 'set_id', 'person_id'],
    format: 'JSONCompactEachRow',
    rows: persons.map((personId) => `["${workspaceId}","${setId}","${personId}"]`).join('\n'),
    pool: 'tick',
  })
  return setId
}
