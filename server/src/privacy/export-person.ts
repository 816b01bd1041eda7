import type { Equity } from '../equity/index.ts'
import { notFound } from '../http/index.ts'
import type { Journeys } from '../journeys/index.ts'
import type { PersonId, WorkspaceId } from '../kernel/index.ts'
import type { Messages } from '../messages/index.ts'
import type { People } from '../people/index.ts'
import type { Policy } from '../policy/index.ts'
import type { Postgres } from '../stores/index.ts'
import type { Workspaces } from '../workspaces/index.ts'

export interface ExportDeps {
  readonly postgres: Postgres
  readonly workspaces: Pick<Workspaces, 'audit' | 'domainNow'>
  readonly people: Pick<People, 'dataOf'>
  readonly policy: Pick<Policy, 'ofPerson'>
  readonly messages: Pick<Messages, 'dataOf'>
  readonly journeys: Pick<Journeys, 'runsOf'>
  readonly equity: Pick<Equity, 'valuesOf'>
}

/**
 * Everything known about one person as the text of one JSON document, in pieces: never all of it in memory. Noted in the
 * audit before the first piece. Throws not-found before it, too.
 */
export const exportPerson = async (
  deps: ExportDeps,
  workspaceId: WorkspaceId,
  personId: PersonId,
  actor: string,
): Promise<AsyncIterable<string>> => {
  const data = await deps.people.dataOf(workspaceId, personId)
  if (data === null) throw notFound('person')
  const allows = await deps.policy.ofPerson(workspaceId, personId)
  const value = (await deps.equity.valuesOf(workspaceId, [personId])).get(personId) ?? null
  await deps.postgres.inWorkspace(workspaceId, (tx) =>
    deps.workspaces.audit(tx, { workspaceId, actor, action: 'person.exported', object: `person:${personId}` }),
  )
  const { orders: _, revenue: __, conflicts: ___, ...person } = data.person
  const head = { exportedAt: await deps.workspaces.domainNow(workspaceId), person, value, allows, orders: data.orders }
  return document(head, {
    events: data.events,
    messages: deps.messages.dataOf(workspaceId, data.subjects),
    journeys: deps.journeys.runsOf(workspaceId, data.subjects),
    history: data.history,
  })
}

async function* document(head: object, lists: Readonly<Record<string, AsyncIterable<object>>>): AsyncGenerator<string> {
  yield JSON.stringify(head).slice(0, -1)
  for (const [name, items] of Object.entries(lists)) {
    yield `,\n${JSON.stringify(name)}:[`
    let separator = '\n'
    for await (const item of items) {
      yield separator + JSON.stringify(item)
      separator = ',\n'
    }
    yield ']'
  }
  yield '}\n'
}
