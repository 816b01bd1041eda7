import { type JourneyEntry, jsonObject, type SimulationRequest } from '@baton/contract'
import { instantAt } from '../../ui/zoned-day.ts'
import type { EditableDraft } from '../editable-draft.ts'
import { parseElapsed } from './elapsed.ts'

/** What somebody types who tries a journey out; times as they are written. */
export interface TryOutForm {
  /** '' is the draft. */
  readonly version: string
  /** Null: somebody made up. */
  readonly personId: string | null
  readonly email: string
  readonly agreed: boolean
  /** `2026-06-10T12:00` in the workspace's zone; '' is now. */
  readonly startAt: string
  readonly entry: string
  readonly later: readonly LaterEvent[]
}
export interface LaterEvent {
  readonly id: number
  readonly name: string
  readonly after: string
  readonly properties: string
}

export type FormReading =
  | { readonly kind: 'ready'; readonly request: SimulationRequest }
  /** `at`: the field, `later.<id>.after` for one of a later event. */
  | { readonly kind: 'wrong'; readonly at: ReadonlySet<string> }

export const emptyTryOut = (draft: EditableDraft): TryOutForm => ({
  version: '',
  personId: null,
  email: 'ada@example.com',
  agreed: true,
  startAt: '',
  entry: JSON.stringify(exampleOf(draft.entry), null, 2),
  later: [],
})

/** Properties with which the entry's event starts a run: the key, and what its filters ask for by name. */
const exampleOf = (entry: JourneyEntry): Record<string, unknown> => {
  if (entry.kind !== 'event') return {}
  const wanted = entry.where.flatMap(({ path, is, value, values }) =>
    is === 'equals' || is === 'at-least' || is === 'at-most' || is === 'contains'
      ? [[path, value] as const]
      : is === 'in'
        ? [[path, values?.[0]] as const]
        : [],
  )
  return Object.fromEntries([...(entry.keyPath ? [[entry.keyPath, `${entry.keyPath}-1`] as const] : []), ...wanted])
}

export const readTryOut = (form: TryOutForm, draft: EditableDraft, timeZone: string): FormReading => {
  const wrong = new Set<string>()
  const entry = propertiesOf(form.entry)
  if (entry === null) wrong.add('entry')
  const startAt = form.startAt === '' ? undefined : instantAt(form.startAt, timeZone)
  if (startAt !== undefined && !Number.isFinite(startAt)) wrong.add('startAt')
  const events = form.later.map(({ id, name, after, properties }) => {
    const afterMs = parseElapsed(after)
    const read = propertiesOf(properties)
    if (name.trim() === '') wrong.add(`later.${id}.name`)
    if (afterMs === null) wrong.add(`later.${id}.after`)
    if (read === null) wrong.add(`later.${id}.properties`)
    return { name: name.trim(), afterMs: afterMs ?? 0, properties: read ?? {} }
  })
  if (wrong.size > 0 || entry === null) return { kind: 'wrong', at: wrong }
  const traits: Record<string, string> = form.email.trim() === '' ? {} : { email: form.email.trim() }
  return {
    kind: 'ready',
    request: {
      ...(form.version === '' ? {} : { version: Number(form.version) }),
      person:
        form.personId === null
          ? { kind: 'made', traits, consents: form.agreed ? [draft.purpose] : [] }
          : { kind: 'real', personId: form.personId },
      entry,
      ...(startAt === undefined ? {} : { startAt }),
      lastsMs: 90 * 86_400_000,
      events,
    },
  }
}

/** Null: it is no JSON object. */
const propertiesOf = (text: string): SimulationRequest['entry'] | null => {
  if (text.trim() === '') return {}
  try {
    return jsonObject.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
