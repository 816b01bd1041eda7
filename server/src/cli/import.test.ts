import { describe, expect, test } from 'vitest'
import { readMapping } from './import.ts'

describe('--map of an import', () => {
  test('names columns by field, blanks and equals signs included', () => {
    expect(readMapping(['customer=Customer ID', 'date=A=B', 'amount=3', 'header=false'])).toMatchObject({
      customer: 'Customer ID',
      date: 'A=B',
      amount: '3',
      header: false,
    })
  })

  test('says which field is unknown, malformed or missing', () => {
    expect(() => readMapping(['client=x'])).toThrow(/--map client=… is none of order, customer/)
    expect(() => readMapping(['customer'])).toThrow(/not of the form field=column/)
    expect(() => readMapping(['customer=1', 'amount=2'])).toThrow(/--map date/)
  })
})
