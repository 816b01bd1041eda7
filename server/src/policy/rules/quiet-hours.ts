import type { PolicyRule } from '../policy-rule.ts'
import { isQuiet, quietEnd } from '../quiet-hours.ts'

/** Nothing in the night of her own time zone; unknown, that of the workspace, and still held. */
export const quietHours: PolicyRule = {
  name: 'quiet-hours',
  title: 'Quiet hours',
  object: ({ settings, message, person, workspaceTimeZone, now }) => {
    const quiet = settings.quietHours
    if (!quiet?.purposes.includes(message.purpose)) return null
    const timeZone = person.timeZone ?? workspaceTimeZone
    if (!isQuiet(quiet, timeZone, now)) return null
    return {
      kind: 'hold',
      until: quietEnd(quiet, timeZone, now),
      reason: 'quiet-hours',
      inputs: { from: quiet.from, to: quiet.to, timeZone, zoneKnown: person.timeZone !== null },
      sentence: `It is between ${quiet.from} and ${quiet.to} in ${timeZone}${person.timeZone ? '' : ' (her zone is not known; this is the workspace’s)'}.`,
      customerSentence: `We do not write between ${quiet.from} and ${quiet.to}.`,
    }
  },
}
