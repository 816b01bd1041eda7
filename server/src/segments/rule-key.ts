/** A segment's rule among all rules of the workspace. */
export const segmentRuleKey = (segmentId: string): string => `segment:${segmentId}`
export const segmentIdOf = (ruleKey: string): string | null =>
  ruleKey.startsWith('segment:') ? ruleKey.slice('segment:'.length) : null
