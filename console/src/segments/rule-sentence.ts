import type { LeafCondition, Rule } from '@baton/contract'
import { viewOf } from './conditions/list.ts'
import type { SentenceWords } from './sentence-parts.ts'

/** A rule as one sentence. It says what the rule means, not how it is nested: brackets only where they are needed. */
export const ruleSentence = (rule: Rule, words: SentenceWords): string => {
  const said = say(rule, words, 0)
  return said === '' ? words.t('segments.sentence.everybody') : words.t('segments.sentence.start', { rule: said })
}

const say = (rule: Rule, words: SentenceWords, depth: number): string => {
  switch (rule.kind) {
    case 'and':
    case 'or': {
      const joined = parts(rule.of, words, depth).join(
        words.t(rule.kind === 'and' ? 'segments.sentence.and' : 'segments.sentence.or'),
      )
      return depth > 0 && rule.of.length > 1 ? `(${joined})` : joined
    }
    case 'not':
      return negated(rule.of, words, depth)
    case 'at-least':
      return words.t('segments.sentence.atLeast', { count: rule.count, rules: parts(rule.of, words, depth).join(', ') })
    default:
      return viewOf(rule.kind).sentence(rule, words)
  }
}

const parts = (rules: readonly Rule[], words: SentenceWords, depth: number): readonly string[] =>
  rules.map((part) => say(part, words, depth + 1)).filter((text) => text !== '')

const isLeaf = (rule: Rule): rule is LeafCondition =>
  rule.kind !== 'and' && rule.kind !== 'or' && rule.kind !== 'not' && rule.kind !== 'at-least'

const negated = (rule: Rule, words: SentenceWords, depth: number): string => {
  const own = isLeaf(rule) ? viewOf(rule.kind).negated?.(rule, words) : null
  if (typeof own === 'string') return own
  const said = say(rule, words, depth)
  return said === '' ? '' : words.t('segments.sentence.not', { rule: said.replace(/^\((.*)\)$/, '$1') })
}
