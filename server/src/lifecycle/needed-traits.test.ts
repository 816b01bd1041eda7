import { expect, test } from 'vitest'
import { defaultLifeCycle } from './default-tracks.ts'
import { withNeededTraits } from './needed-traits.ts'

const business = ['email', 'company', 'vatId']

test('other needed traits change the rules that ask for them, and nothing else', () => {
  expect(withNeededTraits(defaultLifeCycle(), business)).toEqual(defaultLifeCycle(business))
  const once = withNeededTraits(defaultLifeCycle(['email'], 74), business)
  expect(once).toEqual(defaultLifeCycle(business, 74))
  expect(once && withNeededTraits(once, ['email'])).toEqual(defaultLifeCycle(['email'], 74))
})

test('they are not changed where the rules of the track are no longer those it began with', () => {
  const { tracks, ...rest } = defaultLifeCycle()
  const renamed = tracks.map((track) => (track.track === 'identity' ? { ...track, title: 'Record' } : track))
  expect(withNeededTraits({ ...rest, tracks: renamed }, business)).toBeNull()
})
