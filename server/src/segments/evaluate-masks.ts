import type { LeafCondition, Rule } from '@baton/contract'
import { exhaustive, type Instant, must } from '../kernel/index.ts'
import type { SlottedRule } from './compile-rules.ts'
import { type Facts, type FactsAt, factsAt } from './facts.ts'
import { noBits, setBit, type Words, wordCount } from './mask.ts'
import { operatorOf } from './operators/list.ts'
import { orderRules } from './order-rules.ts'
import { isLeaf, leavesOf } from './rule-tree.ts'
import { never } from './sql-scope.ts'

/** What all rules together say of one person's facts. */
export interface FoundMask {
  readonly words: Words
  /** Which of `leafConditions` hold, 32 a word. */
  readonly leaves: Words
  /** The earliest instant at which any rule may change with no new fact, `never` for none. */
  readonly nextChangeAt: Instant
}

export interface PreparedRules {
  /** Conditions that look at facts, each once, in the order in which the one query numbers them. */
  readonly leafConditions: readonly LeafCondition[]
  maskOf(facts: Facts, now: Instant): FoundMask
}

/** Answers of one person: those of conditions, then those of rules. */
type Answers = Uint8Array
type Test = (answers: Answers, facts: FactsAt) => boolean

/**
 * All rules as `compileRules` makes a query of them, for facts in memory: prepared once for many people, each distinct
 * condition asked once of each person.
 */
export const prepareRules = (rules: readonly SlottedRule[]): PreparedRules => {
  const order = orderRules(rules)
  if (order.kind !== 'ordered') throw new TypeError(`These rules can't be ordered: ${JSON.stringify(order)}`)
  const conditions = collectConditions(order.rules.map(({ rule }) => rule))
  const { leafConditions } = conditions
  const ruleAt = new Map(order.rules.map(({ ruleKey }, index) => [ruleKey, leafConditions.length + index]))
  const tests = order.rules.map(({ rule }) => testOf(rule, conditions.indexOf))
  const operators = leafConditions.map(operatorOf)
  const wordsOfRules = wordCount(Math.max(-1, ...rules.map(({ slot }) => slot)))

  // Of one person at a time, with nothing else in between.
  const answers: Answers = new Uint8Array(leafConditions.length + tests.length)

  return {
    leafConditions,
    maskOf: (facts, now) => {
      answers.fill(0)
      // Another rule's next change is that of its conditions, which are all asked here.
      const at = factsAt(facts, now, (ruleKey) => ({
        holds: answers[must(ruleAt.get(ruleKey), `rule ${ruleKey} was checked to exist`)] === 1,
        nextChangeAt: null,
      }))
      let nextChangeAt: Instant = never
      const leaves = noBits(wordCount(leafConditions.length - 1))
      for (const [index, leaf] of leafConditions.entries()) {
        const operator = must(operators[index], 'an operator a condition')
        if (operator.evaluate(leaf, at)) {
          answers[index] = 1
          setBit(leaves, index)
        }
        const change = operator.nextChange(leaf, at)
        if (change !== null && change < nextChangeAt) nextChangeAt = change
      }
      const words = noBits(wordsOfRules)
      for (const [index, test] of tests.entries()) {
        if (!test(answers, at)) continue
        answers[leafConditions.length + index] = 1
        setBit(words, must(order.rules[index], 'a test a rule').slot)
      }
      return { words, leaves, nextChangeAt }
    },
  }
}

/** The conditions of rules that look at facts, each once: equal ones have one number. */
export const collectConditions = (rules: readonly Rule[]) => {
  const byText = new Map<string, number>()
  const indexes = new Map<LeafCondition, number>()
  const leafConditions: LeafCondition[] = []
  for (const leaf of rules.flatMap(leavesOf)) {
    if (operatorOf(leaf).references !== undefined) continue
    const text = JSON.stringify(leaf)
    const index = byText.get(text) ?? leafConditions.push(leaf) - 1
    byText.set(text, index)
    indexes.set(leaf, index)
  }
  return { leafConditions, indexOf: (leaf: LeafCondition) => must(indexes.get(leaf), 'every condition was collected') }
}

const testOf = (rule: Rule, indexOf: (leaf: LeafCondition) => number): Test => {
  if (isLeaf(rule)) {
    const operator = operatorOf(rule)
    if (operator.references !== undefined) return (_, facts) => operator.evaluate(rule, facts)
    const index = indexOf(rule)
    return (answers) => answers[index] === 1
  }
  switch (rule.kind) {
    case 'and': {
      const parts = rule.of.map((part) => testOf(part, indexOf))
      return (answers, facts) => {
        for (const part of parts) if (!part(answers, facts)) return false
        return true
      }
    }
    case 'or': {
      const parts = rule.of.map((part) => testOf(part, indexOf))
      return (answers, facts) => {
        for (const part of parts) if (part(answers, facts)) return true
        return false
      }
    }
    case 'not': {
      const part = testOf(rule.of, indexOf)
      return (answers, facts) => !part(answers, facts)
    }
    case 'at-least': {
      const parts = rule.of.map((part) => testOf(part, indexOf))
      return (answers, facts) => {
        let held = 0
        for (const part of parts) if (part(answers, facts)) held += 1
        return held >= rule.count
      }
    }
    default:
      return exhaustive(rule)
  }
}
