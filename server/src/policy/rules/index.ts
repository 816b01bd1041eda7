import type { PolicyRule } from '../policy-rule.ts'
import { consentGiven } from './consent-given.ts'
import { deadline } from './deadline.ts'
import { frequencyCap } from './frequency-cap.ts'
import { journeyPaused } from './journey-paused.ts'
import { killSwitch } from './kill-switch.ts'
import { noPushState } from './no-push-state.ts'
import { openIssue } from './open-issue.ts'
import { personPause } from './person-pause.ts'
import { preferencesAllow } from './preferences-allow.ts'
import { quietHours } from './quiet-hours.ts'
import { reachable } from './reachable.ts'
import { runLive } from './run-live.ts'
import { suppression } from './suppression.ts'

/** Those whose answer does not change by the passing of time, nor with the journey that asks. */
export const lastingRules: readonly PolicyRule[] = [suppression, reachable, consentGiven, preferencesAllow]

/** Every rule in the order it is asked: those that drop, then those that hold. */
export const policyRules: readonly PolicyRule[] = [
  suppression,
  reachable,
  runLive,
  consentGiven,
  preferencesAllow,
  openIssue,
  noPushState,
  deadline,
  killSwitch,
  journeyPaused,
  personPause,
  quietHours,
  frequencyCap,
]
