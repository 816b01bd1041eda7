import type { LeafCondition } from '@baton/contract'

export type ConditionOf<Kind extends LeafCondition['kind']> = Extract<LeafCondition, { kind: Kind }>
