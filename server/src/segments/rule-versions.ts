import type { Rule } from '@baton/contract'
import { must, type RuleId } from '../kernel/index.ts'
import type { SlottedRule } from './compile-rules.ts'
import { orderRules } from './order-rules.ts'
import { segmentRuleKey } from './rule-key.ts'
import { isLeaf, referencesOf, ruleProblem } from './rule-tree.ts'

export type OwnerKind = 'segment' | 'life-cycle' | 'journey'
export type RuleState = 'counting' | 'live' | 'retiring'

/** One version of a rule that has a bit in the masks. */
export interface RuleVersion {
  readonly ruleId: RuleId
  readonly ruleKey: string
  readonly version: number
  readonly ownerKind: OwnerKind
  readonly slot: number
  readonly definition: Rule
  readonly state: RuleState
}

/** Equal for equal sets of versions. */
export const revisionOf = (rules: readonly RuleVersion[]): string =>
  rules.map(({ ruleKey, version, state, slot }) => `${ruleKey} ${version} ${state} ${slot}`).join('\n')

export interface RulePut {
  readonly ruleKey: string
  readonly ownerKind: OwnerKind
  readonly rule: Rule
}

export type PutPlan =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string }
  | {
      readonly kind: 'changed'
      /** Versions that never became live and that newer ones replace. */
      readonly dropped: readonly RuleVersion[]
      readonly added: readonly Omit<RuleVersion, 'ruleId'>[]
    }

/** What rules will be once every counting version is live: the definitions that a new rule is checked against. */
export const nextWorld = (versions: readonly RuleVersion[]): ReadonlyMap<string, RuleVersion> => {
  const next = new Map<string, RuleVersion>()
  for (const version of versions) if (version.state === 'live') next.set(version.ruleKey, version)
  for (const version of versions) if (version.state === 'counting') next.set(version.ruleKey, version)
  return next
}

/**
 * Decides what versions saving these rules makes. A rule that asks for a changed one gets a new version with it, so that
 * both are swapped in one instant. `newest` is the highest version number a key ever had.
 */
export const planPut = (
  versions: readonly RuleVersion[],
  puts: readonly RulePut[],
  newest: ReadonlyMap<string, number>,
): PutPlan => {
  const before = nextWorld(versions)
  const desired = new Map<string, RulePut>(
    [...before.values()].map(({ ruleKey, ownerKind, definition }) => [
      ruleKey,
      { ruleKey, ownerKind, rule: definition },
    ]),
  )
  for (const put of puts) {
    const problem = ruleProblem(put.rule)
    if (problem !== null) return { kind: 'refused', message: problem.message, remedy: placeRemedy(problem.path) }
    desired.set(put.ruleKey, put)
  }
  const order = orderRules([...desired.values()])
  if (order.kind === 'cycle')
    return {
      kind: 'refused',
      message: `These rules would ask for each other in a circle: ${order.ruleKeys.join(' → ')}`,
      remedy: 'Take one of the conditions that close the circle out.',
    }
  if (order.kind === 'missing')
    return {
      kind: 'refused',
      message: `${order.askedBy} asks for ${order.ruleKey}, which is not there`,
      remedy: 'Choose a segment or rule that exists.',
    }
  const changed = new Set(
    puts
      .filter(({ ruleKey, rule }) => canonical(before.get(ruleKey)?.definition) !== canonical(rule))
      .map(({ ruleKey }) => ruleKey),
  )
  if (changed.size === 0) return { kind: 'unchanged' }
  // In dependency order, so one pass finds dependents of dependents.
  for (const { ruleKey, rule } of order.rules)
    if ([...referencesOf(rule)].some((asked) => changed.has(asked))) changed.add(ruleKey)
  const dropped = versions.filter(({ state, ruleKey }) => state === 'counting' && changed.has(ruleKey))
  const taken = new Set(versions.filter((version) => !dropped.includes(version)).map(({ slot }) => slot))
  const added = [...changed].map((ruleKey) => {
    const put = must(desired.get(ruleKey), 'changed keys come from it')
    return {
      ruleKey,
      version: (newest.get(ruleKey) ?? 0) + 1,
      ownerKind: put.ownerKind,
      slot: takeSlot(taken),
      definition: put.rule,
      state: 'counting' as const,
    }
  })
  return { kind: 'changed', dropped, added }
}

export type RetirePlan =
  | { readonly kind: 'refused'; readonly askedBy: readonly string[] }
  | { readonly kind: 'retire'; readonly retiring: readonly RuleVersion[]; readonly dropped: readonly RuleVersion[] }

export const planRetire = (versions: readonly RuleVersion[], ruleKeys: readonly string[]): RetirePlan => {
  const gone = new Set(ruleKeys)
  const askedBy = [...nextWorld(versions).values()].filter(
    ({ ruleKey, definition }) => !gone.has(ruleKey) && [...referencesOf(definition)].some((asked) => gone.has(asked)),
  )
  if (askedBy.length > 0) return { kind: 'refused', askedBy: askedBy.map(({ ruleKey }) => ruleKey) }
  const hit = versions.filter(({ ruleKey }) => gone.has(ruleKey))
  return {
    kind: 'retire',
    retiring: hit.filter(({ state }) => state === 'live'),
    dropped: hit.filter(({ state }) => state === 'counting'),
  }
}

/** A version's own name among the rules of one query, where two versions of a key may stand side by side. */
export const versionKey = ({ ruleKey, version }: Pick<RuleVersion, 'ruleKey' | 'version'>): string =>
  `${ruleKey}#${version}`

/** All versions that need a bit, each asking for the versions of its own world: live ones for live, else the next. */
export const slottedRules = (versions: readonly RuleVersion[]): readonly SlottedRule[] => {
  const next = nextWorld(versions)
  const live = new Map(versions.filter(({ state }) => state !== 'counting').map((each) => [each.ruleKey, each]))
  return versions.map((version) => {
    const world = version.state === 'counting' ? next : live
    return {
      ruleKey: versionKey(version),
      slot: version.slot,
      rule: resolveReferences(version.definition, (ruleKey) => {
        const asked = world.get(ruleKey)
        return asked === undefined ? null : versionKey(asked)
      }),
    }
  })
}

/** The rule with each reference pointing at another key; one that points nowhere never holds. */
export const resolveReferences = (rule: Rule, keyOf: (ruleKey: string) => string | null): Rule => {
  if (isLeaf(rule)) {
    if (rule.kind !== 'rule' && rule.kind !== 'segment') return rule
    const key = keyOf(rule.kind === 'rule' ? rule.ruleKey : segmentRuleKey(rule.segmentId))
    return key === null ? { kind: 'or', of: [] } : { kind: 'rule', ruleKey: key }
  }
  if (rule.kind === 'not') return { ...rule, of: resolveReferences(rule.of, keyOf) }
  return { ...rule, of: rule.of.map((part) => resolveReferences(part, keyOf)) }
}

const placeRemedy = (path: string): string =>
  path === '' ? 'Change the rule.' : `Change the condition at ${path} (its place in the rule, counted from 0).`

const takeSlot = (taken: Set<number>): number => {
  let slot = 0
  while (taken.has(slot)) slot += 1
  taken.add(slot)
  return slot
}

/** The same text for equal rules, whatever the order of their fields. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  ) ?? ''
