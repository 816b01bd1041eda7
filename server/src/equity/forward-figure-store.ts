import { sql } from 'kysely'
import { type Instant, minuteMs, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import type { ForwardBaseline, ForwardOutput } from './compute-forward.ts'
import type { OrdersPosition } from './equity-facts-store.ts'
import type { BasisDifference, ForwardBasis } from './forward-basis.ts'
import type { PersonValue } from './forward-equity.ts'

/** A forward figure as it is kept, people apart. */
export interface KeptFigure {
  readonly figureId: string
  readonly asOf: Instant
  /** 2026-11-21, where the workspace is. */
  readonly asOfDay: string
  readonly computedAt: Instant
  readonly position: OrdersPosition
  readonly basis: ForwardBasis
  readonly output: Omit<ForwardOutput, 'people'>
  /** The figure of an earlier day that it was held against, and why it could not be; null: there was none. */
  readonly compared: {
    readonly asOf: Instant
    readonly computedAt: Instant
    readonly differs: readonly BasisDifference[]
  } | null
}

interface FigureRow extends Omit<KeptFigure, 'position' | 'basis' | 'output' | 'compared'> {
  readonly settings: ForwardBasis['settings']
  readonly basis: Omit<ForwardBasis, 'settings'>
  readonly kept: Pick<KeptFigure, 'output' | 'compared'>
  readonly live: OrdersPosition['live']
  readonly bulk: OrdersPosition['bulk']
}

type Role = 'current' | 'baseline'

export const readFigure = async (tx: Tx, workspaceId: WorkspaceId, role: Role): Promise<KeptFigure | null> => {
  const { rows } = await sql<FigureRow>`
    select figure_id as "figureId", as_of as "asOf", as_of_day::text as "asOfDay", computed_at as "computedAt",
      live_position as live, bulk_position as bulk, settings, basis, figure as kept
    from forward_figure where workspace_id = ${workspaceId} and role = ${role} and basis is not null`.execute(tx)
  const row = rows[0]
  if (!row) return null
  const { live, bulk, settings, basis, kept, ...rest } = row
  return { ...rest, ...kept, basis: { ...basis, settings }, position: { live, bulk } }
}

/** The figure a new one of this day is compared with: the newest of an earlier day. */
export const readBaseline = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  day: string,
): Promise<{ readonly figure: KeptFigure; readonly baseline: ForwardBaseline } | null> => {
  const current = await readFigure(tx, workspaceId, 'current')
  const figure = current && current.asOfDay < day ? current : await readFigure(tx, workspaceId, 'baseline')
  if (!figure || figure.asOfDay >= day || figure.output.figure.kind === 'not-computed') return null
  const { rows } = await sql<{ personId: string; valueMinor: number }>`
    select person_id as "personId", value_minor as "valueMinor" from person_value
    where workspace_id = ${workspaceId} and figure_id = ${figure.figureId}`.execute(tx)
  return {
    figure,
    baseline: {
      totalMinor: figure.output.figure.total.minor,
      futureMinor: figure.output.figure.future.minor,
      customers: figure.output.customers,
      persons: rows.map((row) => row.personId),
      values: Float64Array.from(rows, (row) => row.valueMinor),
    },
  }
}

const peoplePerWrite = 5_000

/**
 * Keeps a figure with its people as the current one. People are written first, in short transactions; the change of
 * roles is one row's work, so readers see the old figure or the new one, whole.
 */
export const keepFigure = async (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  figure: KeptFigure,
  people: readonly PersonValue[],
): Promise<void> => {
  await postgres.inWorkspace(workspaceId, (tx) => insertFigure(tx, workspaceId, figure))
  for (let at = 0; at < people.length; at += peoplePerWrite) {
    const slice = people.slice(at, at + peoplePerWrite)
    await postgres.inWorkspace(workspaceId, (tx) => insertValues(tx, workspaceId, figure.figureId, slice))
  }
  await postgres.inWorkspace(workspaceId, (tx) => makeCurrent(tx, workspaceId, figure))
  for (;;) {
    const gone = await postgres.inWorkspace(workspaceId, (tx) => removeOldValues(tx, workspaceId, figure.computedAt))
    if (gone === 0) break
  }
}

const insertFigure = async (tx: Tx, workspaceId: WorkspaceId, figure: KeptFigure): Promise<void> => {
  const { settings, ...basis } = figure.basis
  const { output, compared } = figure
  await sql`
    insert into forward_figure (workspace_id, figure_id, as_of, as_of_day, computed_at, live_position, bulk_position,
      settings, basis, figure)
    values (${workspaceId}, ${figure.figureId}, ${figure.asOf}, ${figure.asOfDay}::date, ${figure.computedAt},
      ${figure.position.live}, ${figure.position.bulk}, ${JSON.stringify(settings)}::jsonb,
      ${JSON.stringify(basis)}::jsonb, ${JSON.stringify({ output, compared })}::jsonb)`.execute(tx)
}

const insertValues = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  figureId: string,
  people: readonly PersonValue[],
): Promise<void> => {
  const of = <Value>(pick: (person: PersonValue) => Value) => people.map(pick)
  await sql`
    insert into person_value (workspace_id, person_id, figure_id, value_minor, p_alive, discounted_purchases, expected_spend_minor)
    select ${workspaceId}, row.person_id, ${figureId}, row.value_minor, row.p_alive, row.purchases, row.spend
    from unnest(${of((p) => p.personId)}::uuid[], ${of((p) => p.valueMinor)}::bigint[], ${of((p) => p.pAlive)}::float8[],
      ${of((p) => p.discountedPurchases)}::float8[], ${of((p) => p.expectedSpendMinor)}::bigint[])
      as row (person_id, value_minor, p_alive, purchases, spend)`.execute(tx)
}

const makeCurrent = async (tx: Tx, workspaceId: WorkspaceId, figure: KeptFigure): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`forward-figure ${workspaceId}`}, 0))`.execute(tx)
  const old = await readFigure(tx, workspaceId, 'current')
  if (old && old.asOfDay < figure.asOfDay) {
    await sql`
      update forward_figure set role = null where workspace_id = ${workspaceId} and role = 'baseline'`.execute(tx)
    await sql`
      update forward_figure set role = 'baseline' where workspace_id = ${workspaceId} and role = 'current'`.execute(tx)
  } else await sql`delete from forward_figure where workspace_id = ${workspaceId} and role = 'current'`.execute(tx)
  await sql`
    update forward_figure set role = 'current'
    where workspace_id = ${workspaceId} and figure_id = ${figure.figureId}`.execute(tx)
  await clearErasedMeanwhile(tx, workspaceId, figure.figureId)
}

/**
 * Whoever was hidden after the figure had read her orders, and cleared before it wrote what they are worth, is cleared
 * once more. Who is hidden later is cleared later: by then her value can be seen.
 */
const clearErasedMeanwhile = async (tx: Tx, workspaceId: WorkspaceId, figureId: string): Promise<void> => {
  const { rows } = await sql<{ ids: string[]; pseudonym: string | null }>`
    select person_ids::text[] as ids, pseudonym from erasure e
    where e.workspace_id = ${workspaceId} and e.state <> 'requested' and exists (
      select from person_value v
      where v.workspace_id = e.workspace_id and v.person_id = any(e.person_ids) and v.figure_id = ${figureId})
    order by e.erasure_id`.execute(tx)
  for (const erased of rows) await clearErasedValues(tx, workspaceId, erased)
}

const valuesPerDelete = 20_000

/** Values of figures without a role, but not of one that another process may be writing just now. */
const removeOldValues = async (tx: Tx, workspaceId: WorkspaceId, now: Instant): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    with gone as (
      delete from person_value where ctid = any(array(
        select v.ctid from person_value v
        left join forward_figure f on f.workspace_id = v.workspace_id and f.figure_id = v.figure_id
        where v.workspace_id = ${workspaceId}
          and (f.figure_id is null or (f.role is null and f.computed_at < ${now - 10 * minuteMs}))
        limit ${valuesPerDelete})) returning 1)
    select count(*)::bigint as n from gone`.execute(tx)
  return rows[0]?.n ?? 0
}

export interface ValueOfPerson {
  readonly personId: PersonId
  readonly valueMinor: number
  readonly pAlive: number
  readonly expectedSpendMinor: number
  /** That of the figure. */
  readonly currency: string
}

/** Values in the current figure; who is in none is missing. */
export const readValues = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<readonly ValueOfPerson[]> => {
  const { rows } = await sql<ValueOfPerson>`
    select v.person_id as "personId", v.value_minor as "valueMinor", v.p_alive as "pAlive",
      v.expected_spend_minor as "expectedSpendMinor", f.basis ->> 'currency' as currency
    from person_value v join forward_figure f using (workspace_id, figure_id)
    where v.workspace_id = ${workspaceId} and v.person_id = any(${persons}::uuid[]) and f.role = 'current'
      and f.basis is not null`.execute(tx)
  return rows
}

/**
 * What somebody erased was expected to bring; the figures themselves name nobody. It stays, as her orders do, under the
 * pseudonym that they have: else a customer would have gone, and another come. Without one it leaves.
 */
export const clearErasedValues = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  { ids, pseudonym }: { readonly ids: readonly string[]; readonly pseudonym: string | null },
): Promise<void> => {
  await sql`
    with gone as (
      delete from person_value where workspace_id = ${workspaceId} and person_id = any(${ids}::uuid[]) returning *)
    insert into person_value (workspace_id, person_id, figure_id, value_minor, p_alive, discounted_purchases,
      expected_spend_minor)
    select workspace_id, ${pseudonym}::uuid, figure_id, sum(value_minor)::bigint, max(p_alive),
      sum(discounted_purchases), max(expected_spend_minor)
    from gone where ${pseudonym}::uuid is not null
    group by workspace_id, figure_id
    on conflict (workspace_id, person_id, figure_id) do nothing`.execute(tx)
}
