import type { Home, MessageState, Operations } from '@baton/contract'
import type { TextKey } from '../texts/use-texts.ts'

export interface AttentionLine {
  readonly id: string
  readonly tone: 'bad' | 'wait'
  readonly text: { readonly key: TextKey; readonly count: number; readonly state?: string } | string
  readonly to: string
  readonly action: TextKey
}

const ofMessages = [
  ['refused', 'bad', 'home.attention.refused'],
  ['uncertain', 'bad', 'home.attention.uncertain'],
  ['expired', 'wait', 'home.attention.expired'],
  ['dropped', 'wait', 'home.attention.dropped'],
  ['held', 'wait', 'home.attention.held'],
] as const

/** The messages behind a figure of today. */
export const messagesSince = ({ today }: Pick<Home, 'today'>, state: MessageState): string =>
  `/messages?state=${state}&from=${today.since}`

/** What was dropped, is late or fails, the worst first. */
export const attentionOf = (home: Home, operations: Operations | undefined): readonly AttentionLine[] => {
  const problems = (operations?.problems ?? []).map(
    (problem): AttentionLine => ({
      id: `${problem.part} ${problem.name}`,
      tone: problem.state === 'failed' ? 'bad' : 'wait',
      text: problem.sentence,
      to: '/operations',
      action: 'home.attention.fix',
    }),
  )
  const messages = ofMessages.flatMap(([state, tone, key]): readonly AttentionLine[] => {
    const count = home.today.messages?.[state] ?? 0
    if (count === 0) return []
    return [{ id: state, tone, text: { key, count }, to: messagesSince(home, state), action: 'home.attention.seeWhy' }]
  })
  const atRisk = (home.lifeCycle ?? []).flatMap(({ track, states }) =>
    states.flatMap((one): readonly AttentionLine[] =>
      one.atRisk === 0
        ? []
        : [
            {
              id: `${track}:${one.state}`,
              tone: 'wait',
              text: { key: 'home.attention.atRisk', count: one.atRisk, state: one.title },
              to: `/lifecycle?risk=${track}:${one.state}`,
              action: 'home.attention.seePeople',
            },
          ],
    ),
  )
  return [...problems, ...messages, ...atRisk].toSorted((a, b) => Number(a.tone === 'wait') - Number(b.tone === 'wait'))
}
