import { expect, test } from 'vitest'
import { freeKey } from './free-key.ts'

test.each([
  ['New limit', [], 'new-limit'],
  ['New limit', ['new-limit', 'new-limit-2'], 'new-limit-3'],
  ['Ärger & Freude', [], 'arger-freude'],
  ['…', [], 'new'],
])('%s with %j taken is %s', (title, taken, key) => expect(freeKey(title, taken)).toBe(key))
