import type { Rule } from '@baton/contract'
import { UserError } from '../http/index.ts'
import { askForTurn } from '../jobs/index.ts'
import type { Instant, RuleId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { isHalfSwapped } from './recount.ts'
import { insertVersions, loadRules, newestVersions, ruleIdOf, setStates } from './rule-store.ts'
import { planPut, planRetire, type RulePut, type RuleVersion } from './rule-versions.ts'
import { segmentsStageName } from './stage-name.ts'
import { readTick } from './tick-store.ts'

/**
 * Saves rules that belong together. What differs from what is there becomes a new version, counted for everybody and then
 * swapped in, with all rules that ask for it. Throws a UserError for a rule that can't be.
 */
export const putRules = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  puts: readonly RulePut[],
  at: Instant,
): Promise<readonly RuleId[]> => {
  const versions = await rulesToChange(tx, workspaceId)
  const plan = planPut(versions, puts, await newestVersions(tx, workspaceId))
  if (plan.kind === 'refused') throw new UserError('invalid-input', plan.message, { remedy: plan.remedy })
  if (plan.kind === 'changed') {
    await setStates(tx, workspaceId, at, 'retired', plan.dropped)
    // Before the first tick nobody has a mask: whoever appears is looked at by all rules, so there is nothing to count.
    const isFirst = (await readTick(tx, workspaceId)).number === 0
    await insertVersions(tx, workspaceId, at, plan.added)
    if (isFirst) {
      const replaced = versions.filter(
        ({ state, ruleKey }) => state === 'live' && plan.added.some((each) => each.ruleKey === ruleKey),
      )
      await setStates(tx, workspaceId, at, 'retired', replaced)
      await setStates(tx, workspaceId, at, 'live', plan.added)
    }
    await askForTurn(tx, workspaceId, segmentsStageName, at)
  }
  return puts.map(({ ruleKey }) => ruleIdOf(workspaceId, ruleKey))
}

/** Takes rules out: their members leave with cause `rule-changed`. Refused while another rule asks for one of them. */
export const retireRules = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  ruleKeys: readonly string[],
  at: Instant,
): Promise<void> => {
  const versions = await rulesToChange(tx, workspaceId)
  const plan = planRetire(versions, ruleKeys)
  if (plan.kind === 'refused')
    throw new UserError('conflict', 'Other rules ask for this one.', {
      remedy: 'Take the condition out of them first.',
      details: { askedBy: plan.askedBy },
    })
  await setStates(tx, workspaceId, at, 'retiring', plan.retiring)
  await setStates(tx, workspaceId, at, 'retired', plan.dropped)
  if (plan.retiring.length > 0) await askForTurn(tx, workspaceId, segmentsStageName, at)
}

/** Whether rules may be changed now; where they may, nobody else changes them until the transaction ends. */
export const mayChangeRules = async (tx: Tx, workspaceId: WorkspaceId): Promise<boolean> => {
  await loadRules(tx, workspaceId, { lock: true })
  return !isHalfSwapped(await readTick(tx, workspaceId))
}

/** All versions, which nobody else changes until the transaction ends; refused for the seconds in which new ones are swapped in. */
const rulesToChange = async (tx: Tx, workspaceId: WorkspaceId): Promise<readonly RuleVersion[]> => {
  const versions = await loadRules(tx, workspaceId, { lock: true })
  if (isHalfSwapped(await readTick(tx, workspaceId)))
    throw new UserError('unavailable', 'An earlier change of rules is just being put in force for everybody.', {
      remedy: 'Nothing was saved. Try again in some seconds.',
      retryAfterSeconds: 2,
    })
  return versions
}

/** What is wrong with a rule as one more of the workspace's, in a sentence, or null. */
export const findProblem = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  rule: Rule,
  ruleKey = 'a rule to be checked',
): Promise<{ message: string; remedy: string } | null> => {
  const versions = await loadRules(tx, workspaceId)
  const plan = planPut(versions, [{ ruleKey, ownerKind: 'segment', rule }], new Map())
  return plan.kind === 'refused' ? plan : null
}
