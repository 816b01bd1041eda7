import type { MessageReason } from '@baton/contract'
import type { Instant } from '../kernel/index.ts'
import type { PolicyInput } from './policy-input.ts'

type Inputs = { readonly [key: string]: string | number | boolean | null | undefined | readonly string[] }

/** What a rule that objects says, with what it looked at, for the ledger. */
export type Objection = {
  readonly reason: MessageReason
  readonly inputs: Inputs
  /** For staff. */
  readonly sentence: string
  /** The same in plain words for the customer. */
  readonly customerSentence: string
} & ({ readonly kind: 'drop' } | { readonly kind: 'hold'; readonly until: Instant })

/**
 * One policy rule: a pure function that objects or stays silent. Rules that drop come before rules that hold, so that a
 * message which must not go at all does not wait for the morning first. A new rule is a file and a line in `rules/index.ts`.
 */
export interface PolicyRule {
  readonly name: string
  readonly title: string
  object(input: PolicyInput): Objection | null
}

export type Decision =
  | {
      readonly kind: 'send'
      readonly rule: 'all-passed'
      readonly inputs: Inputs
      readonly sentence: string
      readonly customerSentence: string
    }
  | (Objection & { readonly rule: string })
