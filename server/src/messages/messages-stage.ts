import type { Carrier, Channels } from '../channels/index.ts'
import type { Content, Rendered, RenderJob } from '../content/index.ts'
import type { Stage, Turn } from '../jobs/index.ts'
import { checkLease } from '../jobs/index.ts'
import {
  crashPoint,
  type Instant,
  type MessageId,
  must,
  type PersonId,
  type SubjectId,
  type TimeZone,
} from '../kernel/index.ts'
import type { People, PersonFacts } from '../people/index.ts'
import {
  type Fence,
  type PersonSituation,
  type Policy,
  type StandingSource,
  situationOf,
  type WorkspaceSource,
  zoneOf,
} from '../policy/index.ts'
import type { Tx } from '../stores/index.ts'
import { confirmationsStage } from './confirmations.ts'
import { type Circumstances, type Decided, decideMessages, runsOf, subjectsOf } from './decide-messages.ts'
import type { FeedbackBook } from './feedback.ts'
import { backToPlanned, type HandOverDeps, handOverIntents, type Intent, uncertainAfterCrash } from './hand-over.ts'
import { createHearing } from './heard-so-far.ts'
import { readContents, readLeftIntents, stampIntents, writeContents } from './intent-store.ts'
import { insertDecisions, moveMessages, nextDue, readDue, readMessages } from './ledger-store.ts'
import { type MessageRow, type Move, messagesStageName } from './message-row.ts'
import type { RunLiveness } from './ports.ts'
import { setAsideDoubtful, uncertainSinceBackup } from './restore-doubt.ts'
import { atPresent } from './turn-at-present.ts'
import { workInParts } from './work-in-parts.ts'
import { writeRefusals } from './write-decisions.ts'

export interface MessagesStageDeps extends HandOverDeps {
  readonly policy: Policy
  readonly content: Pick<Content, 'render'>
  readonly channels: Pick<Channels, 'carrierOf'>
  readonly people: Pick<People, 'get'>
  readonly standing: StandingSource
  readonly workspaces: WorkspaceSource
  readonly liveness: RunLiveness
  readonly feedback: FeedbackBook
  readonly batchSize?: number
}

/** Intents that wait for their hand-over at once: few, so that none gets old. */
const intentsAtOnce = 50

/**
 * Takes messages that are due from planned to handed over: decides first, without locks, so that only what may go is
 * rendered; renders last; then decides again under the fence, and what passes becomes an intent and goes.
 */
export const messagesStage = (deps: MessagesStageDeps): Stage => {
  const hearing = createHearing(deps)
  return {
    name: messagesStageName,
    lanes: ['live'],
    // Not `policy`: most of what it takes in is of nobody with a message. A turn that waits for it looks again by itself.
    after: ['journeys', confirmationsStage],
    turn: async (turn) => {
      const { workspaceId, now } = turn
      const batchSize = deps.batchSize ?? 200
      const recovered = await recover(deps, turn)
      const due = await deps.postgres.inWorkspace(workspaceId, (tx) => readDue(tx, workspaceId, now, batchSize))
      const [doubtful, open] = [due.filter((row) => row.mayHaveGone), due.filter((row) => !row.mayHaveGone)]
      if (doubtful.length > 0) await setAsideDoubtful(deps, turn, doubtful)
      if (open.length === 0) hearing.forget(workspaceId)
      const heard = open.length === 0 ? null : await hearing.ask(turn, open)
      const decidable = open.filter((row) => heard?.covers(row))
      if (decidable.length > 0)
        await workInParts(deps.postgres, turn, decidable, async (some) => work(deps, await atPresent(deps, turn), some))
      const owedUntil = await deps.feedback.owedUntil(workspaceId)
      // What somebody else reported, that process is telling: both would put it into the log.
      const isOurs = decidable.length + recovered > 0
      const told = owedUntil !== null && (isOurs || owedUntil <= now) ? await deps.feedback.tell(workspaceId) : 0
      const dueAt = await deps.postgres.inWorkspace(workspaceId, (tx) => nextDue(tx, workspaceId))
      return {
        handled: decidable.length + doubtful.length + recovered,
        more: decidable.length + doubtful.length === batchSize || told > 0,
        dueAt: told > 0 ? dueAt : earlier(dueAt, owedUntil),
        ...(decidable.length < open.length && heard !== null && heard.retryInMs !== null
          ? { retryInMs: heard.retryInMs }
          : {}),
      }
    },
  }
}

const earlier = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other)

const work = async (deps: MessagesStageDeps, turn: Turn, due: readonly MessageRow[]): Promise<void> => {
  const { workspaceId, now } = turn
  const surroundings = await look(deps, turn, due)
  const decided = decideMessages(due, surroundings.circumstances)
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    await writeRefusals(tx, workspaceId, decided, now)
  })
  crashPoint('messages.decided')
  const passing = decided.filter(({ decision }) => decision.kind === 'send')
  if (passing.length === 0) return
  const rendered = await renderMessages(deps, turn, passing, surroundings)
  crashPoint('messages.rendered')
  if (rendered.length === 0) return
  const carrier = await deps.channels.carrierOf(workspaceId)
  for (let at = 0; at < rendered.length && !turn.signal.aborted; at += intentsAtOnce) {
    const present = await atPresent(deps, turn)
    const intents = await commitIntents(deps, present, carrier, rendered.slice(at, at + intentsAtOnce), surroundings)
    crashPoint('messages.intent')
    await handOverIntents(deps, turn, carrier, intents)
  }
}

interface Surroundings {
  readonly circumstances: Circumstances
  readonly persons: ReadonlyMap<PersonId, PersonFacts>
}

const look = async (deps: MessagesStageDeps, turn: Turn, due: readonly MessageRow[]): Promise<Surroundings> => {
  const { workspaceId, now } = turn
  const { fence, liveness } = await deps.postgres.inWorkspace(workspaceId, async (tx) => ({
    fence: await deps.policy.look(tx, workspaceId, subjectsOf(due), now),
    liveness: await deps.liveness.check(tx, workspaceId, runsOf(due)),
  }))
  const personIds = [...new Set(fence.personOf.values())]
  const persons = await deps.people.get(workspaceId, personIds)
  const states = await deps.standing.statesOf(workspaceId, personIds)
  const situations = new Map<PersonId, PersonSituation>(
    [...persons].map(([personId, person]) => [personId, situationOf(person, states.get(personId))]),
  )
  const workspaceTimeZone = await zoneOfWorkspace(deps, turn)
  return { persons, circumstances: { fence, situations, liveness, workspaceTimeZone, now } }
}

const zoneOfWorkspace = async ({ workspaces }: MessagesStageDeps, { workspaceId }: Turn): Promise<TimeZone> =>
  must(zoneOf((await workspaces.get(workspaceId)).timeZone) ?? zoneOf('UTC'), 'UTC is a zone')

interface RenderedMessage {
  readonly message: MessageRow
  readonly content: { readonly html: string; readonly text: string }
}

const renderMessages = async (
  deps: MessagesStageDeps,
  turn: Turn,
  passing: readonly Decided[],
  { persons, circumstances: { situations } }: Surroundings,
): Promise<readonly RenderedMessage[]> => {
  const { workspaceId, now } = turn
  const jobs = passing.map(({ message, personId }): RenderJob => {
    const { messageId } = message
    const link = { workspaceId, messageId, url: '' }
    const person = personId === null ? undefined : persons.get(personId)
    return {
      key: messageId,
      templateId: message.templateId,
      data: {
        person: person?.traits ?? {},
        event: message.entryEvent,
        links: {
          unsubscribe: deps.links.of('unsubscribe', link),
          preferences: deps.links.of('preferences', link),
          confirm: deps.links.of('confirm', link),
        },
      },
    }
  })
  const outcomes = await deps.content.render(workspaceId, jobs)
  const written = passing.map(({ message, personId }) => {
    const outcome = must(outcomes.get(message.messageId), 'every job gets an answer')
    const address = (personId !== null && situations.get(personId)?.address) || ''
    return { message: { ...message, address, title: titleOf(outcome) }, outcome }
  })
  const kept = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    const moved = await moveMessages(
      tx,
      workspaceId,
      written.flatMap(({ message, outcome }) => renderMoves(message, outcome, now)),
      now,
    )
    const good = written.flatMap(({ message, outcome }) =>
      outcome.kind === 'rendered' && (moved.has(message.messageId) || message.state === 'rendered')
        ? [{ message, outcome }]
        : [],
    )
    await writeContents(
      tx,
      workspaceId,
      good.map(({ message, outcome }) => ({
        messageId: message.messageId,
        address: message.address,
        title: outcome.subject,
        templateVersion: outcome.version,
        html: outcome.html,
        text: outcome.text,
      })),
      now,
    )
    return good
  })
  return kept.map(({ message, outcome }) => ({ message: { ...message, state: 'rendered' }, content: outcome }))
}

const titleOf = (outcome: Rendered): string | null =>
  outcome.kind === 'rendered' ? outcome.subject.slice(0, 500) : null

const renderMoves = ({ messageId, state: from }: MessageRow, outcome: Rendered, now: Instant): readonly Move[] => {
  if (outcome.kind === 'failed')
    return [{ messageId, from, to: 'dropped', reason: outcome.reason, detail: outcome.message, dueAt: null }]
  if (from === 'rendered') return []
  const detail = outcome.missing.length === 0 ? '' : `Missing: ${outcome.missing.join(', ')}`
  return [{ messageId, from, to: 'rendered', reason: null, detail, dueAt: now }]
}

/** Merged into another since she was looked at: what is known of the other is older than that. */
const isWhoSheWas = (subjectId: SubjectId, before: Fence, now: Fence): boolean =>
  !now.personOf.has(subjectId) || now.personOf.get(subjectId) === before.personOf.get(subjectId)

/** The hand-over begins here: everything a decision rests on is read again under the fence, and commits with it. */
const commitIntents = async (
  deps: MessagesStageDeps,
  turn: Turn,
  carrier: Carrier,
  rendered: readonly RenderedMessage[],
  { persons, circumstances }: Surroundings,
): Promise<readonly Intent[]> => {
  const { workspaceId, now } = turn
  const messages = rendered.map(({ message }) => message)
  const passed = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    const fence = await deps.policy.fence(tx, workspaceId, subjectsOf(messages), now)
    const liveness = await deps.liveness.check(tx, workspaceId, runsOf(messages))
    const decided = decideMessages(
      messages.filter(({ subjectId }) => isWhoSheWas(subjectId, circumstances.fence, fence)),
      { ...circumstances, fence, liveness, now },
    )
    await writeRefusals(tx, workspaceId, decided, now)
    return writeIntents(
      tx,
      deps,
      turn,
      carrier,
      decided.filter(({ decision }) => decision.kind === 'send'),
    )
  })
  const committedAt = deps.clock.now()
  const contents = new Map(rendered.map(({ message, content }) => [message.messageId, content]))
  return passed.map(({ message, personId }) => ({
    message: { ...message, state: 'intent', carrier: carrier.key },
    personId,
    person: personId === null ? undefined : persons.get(personId),
    content: must(contents.get(message.messageId), 'it was rendered'),
    committedAt,
  }))
}

const writeIntents = async (
  tx: Tx,
  deps: MessagesStageDeps,
  turn: Turn,
  carrier: Carrier,
  passed: readonly Decided[],
) => {
  const { workspaceId, now, lease } = turn
  const moves = passed.map(
    ({ message: { messageId } }): Move => ({
      messageId,
      from: 'rendered',
      to: 'intent',
      reason: null,
      detail: '',
      dueAt: null,
    }),
  )
  const moved = await moveMessages(tx, workspaceId, moves, now)
  const ours = passed.filter(({ message }) => moved.has(message.messageId))
  await insertDecisions(
    tx,
    workspaceId,
    ours.map(({ message: { messageId }, decision }) => ({ messageId, decision })),
    now,
  )
  await deps.policy.countContacts(
    tx,
    workspaceId,
    ours.map(({ message }) => ({ ...message, contactId: message.messageId, at: now })),
  )
  const stamp = { at: deps.clock.now(), token: lease.token, carrier: carrier.key }
  await stampIntents(tx, workspaceId, [...moved], stamp)
  return ours
}

/**
 * Intents left behind: no turn of this workspace runs beside this one, so nobody hands them over any more. Not begun:
 * decided again, but for those that a restored copy brought along. Begun at a keyed channel: handed over again under the
 * same key. Begun elsewhere: uncertain.
 */
const recover = async (deps: MessagesStageDeps, turn: Turn): Promise<number> => {
  const { workspaceId, now, lease } = turn
  const carrier = await deps.channels.carrierOf(workspaceId)
  const { again, count } = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const left = await readLeftIntents(tx, workspaceId)
    if (left.length === 0) return { again: [], count: 0 }
    await checkLease(tx, turn)
    const isRepeatable = (one: (typeof left)[number]) => one.begun && one.carrier === carrier.key && carrier.keyed
    const gone = left.filter(({ begun, mayHaveGone }) => !begun && mayHaveGone)
    const notBegun = left.filter(({ begun, mayHaveGone }) => !begun && !mayHaveGone)
    const lost = left.filter((one) => one.begun && !isRepeatable(one))
    await moveMessages(
      tx,
      workspaceId,
      [
        ...notBegun.map(({ messageId }) => backToPlanned(messageId, now)),
        ...gone.map(({ messageId }) => uncertainSinceBackup(messageId, 'intent')),
        ...lost.map(({ messageId }) => uncertainAfterCrash(messageId)),
      ],
      now,
    )
    await deps.policy.forgetContacts(
      tx,
      workspaceId,
      notBegun.map(({ messageId, subjectId }) => ({ subjectId, contactId: messageId })),
    )
    const repeated = left.filter(isRepeatable).map(({ messageId }) => messageId)
    await stampIntents(tx, workspaceId, repeated, { at: deps.clock.now(), token: lease.token, carrier: carrier.key })
    const contents = await readContents(tx, workspaceId, repeated)
    const rows = await readMessages(tx, workspaceId, repeated)
    const { personOf } = await deps.policy.look(tx, workspaceId, subjectsOf(rows), now)
    const again = rows
      .flatMap((message) => withContent(message, contents))
      .map((one) => ({ ...one, personId: personOf.get(one.message.subjectId) ?? null }))
    return { again, count: left.length }
  })
  if (again.length > 0) {
    const persons = await deps.people.get(
      workspaceId,
      again.flatMap(({ personId }) => personId ?? []),
    )
    const committedAt = deps.clock.now()
    const intents = again.map((one) => ({
      ...one,
      person: one.personId === null ? undefined : persons.get(one.personId),
      committedAt,
    }))
    await handOverIntents(deps, turn, carrier, intents)
  }
  return count
}

const withContent = (message: MessageRow, contents: ReadonlyMap<MessageId, { html: string; text: string }>) => {
  const content = contents.get(message.messageId)
  return content ? [{ message, content }] : []
}
