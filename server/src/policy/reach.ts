import type { MessageChannel, MessagePurpose, PolicySettings } from '@baton/contract'
import { type Instant, must } from '../kernel/index.ts'
import { zoneOf } from './person-source.ts'
import type { PersonPolicyFacts, PersonSituation } from './policy-input.ts'
import { lastingRules } from './rules/index.ts'

/** A service message answers what she did; whom one can reach is asked about the others. */
const purposes: readonly MessagePurpose[] = ['sell', 'inform', 'coach']

/** Whether any message of these purposes, about any topic, could go to her, by the rules whose answer lasts. */
export const isReachable = (
  channel: MessageChannel,
  person: PersonPolicyFacts & PersonSituation,
  settings: PolicySettings,
  now: Instant,
): boolean =>
  purposes.some((purpose) =>
    topicsOf(settings).some((topic) =>
      lastingRules.every(
        (rule) =>
          rule.object({
            now,
            message: { channel, topic, purpose, phase: 'contact', deadlineAt: Number.MAX_SAFE_INTEGER },
            person,
            run: 'live',
            workspaceTimeZone: utc,
            settings,
          }) === null,
      ),
    ),
  )

const utc = must(zoneOf('UTC'), 'UTC exists')
/** Where the workspace has none, a message still has one. */
const topicsOf = ({ topics }: PolicySettings) => (topics.length === 0 ? [''] : topics.map(({ topic }) => topic))
