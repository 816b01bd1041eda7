import { expect, test } from 'vitest'
import { sampleOf } from './file-sample.ts'
import { guessColumns } from './guess-columns.ts'

const guess = (...lines: readonly string[]) => guessColumns(sampleOf(lines.join('\n'), true))

test('invoice lines of a shop', () => {
  expect(
    guess(
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      '536365,85123A,WHITE HEART,6,2010-12-01 08:26,2.55,17850,United Kingdom',
    ),
  ).toEqual({ order: 0, quantity: 3, date: 4, price: 5, customer: 6 })
})

test('the same columns with blanks in their names', () => {
  expect(guess('Invoice;Customer ID;InvoiceDate;Quantity;Price', '1;2;1.12.2010 08:26;6;2,55')).toEqual({
    order: 0,
    customer: 1,
    date: 2,
    quantity: 3,
    price: 4,
  })
})

test('an export of Shopify: the order number is called Name', () => {
  expect(
    guess(
      'Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem price',
      '#1001,ann@example.org,paid,2026-01-02 10:00:00 +0000,EUR,10.00,12.00,2026-01-02 10:00:00 +0000,1,10.00',
    ),
  ).toEqual({ order: 0, email: 1, currency: 4, amount: 6, date: 7, quantity: 8, price: 9 })
})

test('a name column with names in it is no order number', () => {
  expect(guess('name,date,total', 'Ann,2026-01-02,9.90').order).toBeUndefined()
})

test('names in German', () => {
  expect(guess('Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag;Währung', '1;77;21.11.2026;9,90;EUR')).toEqual({
    order: 0,
    customer: 1,
    date: 2,
    amount: 3,
    currency: 4,
  })
})

test('a part of a name is enough where the cells agree', () => {
  expect(
    guess('Order ID (shop),Billing Email,Order date (UTC),Order total incl. tax', '1,a@b.example,2026-01-02,9'),
  ).toEqual({
    order: 0,
    email: 1,
    date: 2,
    amount: 3,
  })
})

test('a column whose cells contradict its name is not proposed', () => {
  expect(guess('customer,date,amount', '7,soon,a lot')).toEqual({ customer: 0 })
})

test('a price without a quantity is the amount', () => {
  expect(guess('customer_id,date,price', '7,2026-01-02,9.90')).toEqual({ customer: 0, date: 1, amount: 2 })
})

test('no column is two things', () => {
  const columns = Object.values(guess('Customer email,Order date,Total', 'a@b.example,2026-01-02,9.90'))
  expect(new Set(columns).size).toBe(columns.length)
})

test('without a header only what cannot be mistaken is proposed', () => {
  expect(guess(' 00004 0001 19970101  2   29.33', ' 00004 0001 19970118  2   29.73')).toEqual({ date: 2, amount: 4 })
  expect(guess('a@b.example,2026-01-02,9.90,1.20')).toEqual({ email: 0, date: 1 })
})
