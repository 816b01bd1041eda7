import { expect, test } from 'vitest'
import { defaultPolicySettings } from './default-settings.ts'
import { settingsOf } from './kept-settings.ts'

test('what was kept stands over the defaults', () => {
  expect(settingsOf(null)).toEqual(defaultPolicySettings)
  expect(settingsOf({ noPushStates: ['brand:estranged'] })).toEqual({
    ...defaultPolicySettings,
    noPushStates: ['brand:estranged'],
  })
})

test.each([
  { what: 'a setting of another shape', kept: { quietHours: 'at night', caps: [], killSwitch: false } },
  { what: 'a kill switch that is no yes or no', kept: { killSwitch: 'no', caps: [] } },
])('$what holds everything back, and the others stand', ({ kept }) => {
  expect(settingsOf(kept)).toEqual({ ...defaultPolicySettings, caps: [], killSwitch: true })
})

test('what is no settings at all holds everything back', () => {
  expect(settingsOf('lost')).toEqual({ ...defaultPolicySettings, killSwitch: true })
})
