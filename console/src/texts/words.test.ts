import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  changeCause,
  erasureState,
  journeyStatus,
  messagePurpose,
  messageState,
  partState,
  runState,
  stepMeasure,
  verdict,
} from '@baton/contract'
import { expect, test } from 'vitest'
import { en } from './en.ts'
import { spellOut } from './use-texts.ts'

const glossary = readFileSync(join(import.meta.dirname, '../../../GLOSSARY.md'), 'utf8')
const rows = [...glossary.matchAll(/^\| (?<api>[^|]+) \| (?<console>[^|]+) \|$/gm)].map(({ groups }) => ({
  codes: [...(groups?.api ?? '').matchAll(/`(?<list>[^`]+)`/g)].flatMap(
    (found) => found.groups?.list?.split(', ') ?? [],
  ),
  words: (groups?.console ?? '').toLowerCase(),
}))

const states: Readonly<Record<string, string>> = en.ui.states
const areas: readonly (readonly [area: string, codes: readonly string[], texts: Readonly<Record<string, string>>])[] = [
  ['states of messages', messageState.options, states],
  ['states of runs', runState.options, states],
  ['states of journeys', journeyStatus.options, states],
  ['verdicts of events', verdict.options, en.live.verdicts],
  ['tracks', ['identity', 'brand', 'conversion'], en.people.tracks],
  ['counts of a step', stepMeasure.options, en.journeys.counts],
  ['causes of changes', changeCause.options, en.segments.causes],
  ['purposes', messagePurpose.options, en.journeys.purposes],
  ['states of erasures', erasureState.options, en.people.erasures.states],
  ['states of parts', partState.options, en.operations.states],
]

test.each(areas)('%s are called as in the API, or as the glossary says', (_area, codes, texts) => {
  expect(rows.length).toBeGreaterThan(10)
  const unexplained = codes.flatMap((code) => {
    const text = (texts[code] ?? spellOut(code)).toLowerCase()
    const isSame = text === spellOut(code).toLowerCase()
    return isSame || rows.some((row) => row.codes.includes(code) && row.words.includes(text)) ? [] : [[code, text]]
  })
  expect(unexplained).toEqual([])
})
