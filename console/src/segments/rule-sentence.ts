import type { LeafCondition, PropertyFilter, Rule } from '@baton/contract'
import type { Texts } from '../texts/use-texts.ts'

export interface SentenceWords {
  readonly t: Texts
  readonly durationText: (ms: number) => string
  /** Name of a segment by its id. */
  readonly segmentName: (segmentId: string) => string
}

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
      return condition(rule, words)
  }
}

const parts = (rules: readonly Rule[], words: SentenceWords, depth: number): readonly string[] =>
  rules.map((part) => say(part, words, depth + 1)).filter((text) => text !== '')

const negated = (rule: Rule, words: SentenceWords, depth: number): string => {
  if (rule.kind === 'event-count' && isOnce(rule)) return never(rule, words)
  const said = say(rule, words, depth)
  return said === '' ? '' : words.t('segments.sentence.not', { rule: said.replace(/^\((.*)\)$/, '$1') })
}

type Count = Extract<LeafCondition, { kind: 'event-count' }>
const isOnce = (rule: Count): boolean =>
  (rule.is === 'at-least' && rule.value === 1) || (rule.is === 'greater' && rule.value === 0)

const never = (rule: Count, words: SentenceWords): string =>
  words.t('segments.sentence.eventNever', { event: rule.event, ...around(rule, words) })

const around = (
  {
    where,
    window,
  }: { readonly where?: readonly PropertyFilter[]; readonly window?: { readonly lastMs: number } | undefined },
  { t, durationText }: SentenceWords,
) => ({
  where:
    where === undefined || where.length === 0
      ? ''
      : t('segments.sentence.where', {
          filters: where.map((each) => filterSentence(each, t)).join(t('segments.sentence.and')),
        }),
  window: window === undefined ? '' : t('segments.sentence.window', { duration: durationText(window.lastMs) }),
})

const condition = (leaf: LeafCondition, words: SentenceWords): string => {
  const { t, durationText, segmentName } = words
  switch (leaf.kind) {
    case 'trait':
      return t('segments.sentence.trait', { filter: filterSentence(leaf, t) })
    case 'trait-date': {
      const duration = durationText(Math.abs(leaf.plusMs))
      const moved = leaf.plusMs > 0 ? 'segments.sentence.shiftAfter' : 'segments.sentence.shiftBefore'
      const shift = leaf.plusMs === 0 ? '' : t(moved, { duration })
      const key = leaf.is === 'past' ? 'segments.sentence.traitPast' : 'segments.sentence.traitFuture'
      return t(key, { path: leaf.path, shift })
    }
    case 'event-count': {
      if (leaf.value === 0 && (leaf.is === 'equals' || leaf.is === 'at-most')) return never(leaf, words)
      const key = isOnce(leaf) ? 'segments.sentence.eventCountOnce' : 'segments.sentence.eventCount'
      return t(key, {
        event: leaf.event,
        threshold: t(`segments.thresholds.${leaf.is}`),
        count: leaf.value,
        ...around(leaf, words),
      })
    }
    case 'event-sum':
      return t('segments.sentence.eventSum', {
        event: leaf.event,
        path: leaf.path,
        threshold: t(`segments.thresholds.${leaf.is}`),
        value: leaf.value,
        ...around(leaf, words),
      })
    case 'event-last':
      return t('segments.sentence.eventLast', {
        event: leaf.event,
        filter: filterSentence(leaf.filter, t),
        ...around(leaf, words),
      })
    case 'event-after':
      return t('segments.sentence.eventAfter', { event: leaf.event, than: leaf.than, ...around(leaf, words) })
    case 'segment':
      return t('segments.sentence.segment', { name: segmentName(leaf.segmentId) })
    case 'rule':
      return t('segments.sentence.rule', { key: leaf.ruleKey })
  }
}

const shown = (value: unknown): string => (typeof value === 'string' ? `“${value}”` : String(value))

export const filterSentence = ({ path, is, value, values }: PropertyFilter, t: Texts): string => {
  const said = t(`segments.compare.${is}`)
  if (is === 'exists' || is === 'not-exists') return t('segments.sentence.filterAlone', { path, is: said })
  const given = is === 'in' ? (values ?? []).map(shown).join(', ') : shown(value)
  return t('segments.sentence.filter', { path, is: said, value: given })
}
