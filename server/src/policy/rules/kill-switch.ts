import type { PolicyRule } from '../policy-rule.ts'

/** Nothing leaves while it is on; asked again every minute until the deadline. */
export const killSwitch: PolicyRule = {
  name: 'kill-switch',
  title: 'Kill switch',
  object: ({ settings, now }) =>
    settings.killSwitch
      ? {
          kind: 'hold',
          until: now + 60_000,
          reason: 'kill-switch',
          inputs: { killSwitch: true },
          sentence: 'The kill switch of this workspace is on.',
          customerSentence: 'We have stopped sending for the moment.',
        }
      : null,
}
