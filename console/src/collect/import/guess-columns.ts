import { cellsOf, type FileSample, looksLikeAmount, looksLikeDate, looksLikeEmail } from './file-sample.ts'
import { readsAs } from './written-dates.ts'

export const columnRoles = ['order', 'customer', 'email', 'date', 'amount', 'quantity', 'price', 'currency'] as const
export type ColumnRole = (typeof columnRoles)[number]

/** Which column, counted from 0, is what. */
export type ChosenColumns = Readonly<Partial<Record<ColumnRole, number>>>

/** Headers as programs write them, letters and digits alone, the surest first. */
const knownNames: Readonly<Record<ColumnRole, readonly string[]>> = {
  order: [
    ...['orderid', 'ordernumber', 'orderno', 'ordernr', 'order', 'ordername'],
    ...['invoiceno', 'invoicenumber', 'invoiceid', 'invoicenr', 'invoice'],
    ...['transactionid', 'transactionnumber', 'transactionno', 'receiptno', 'receiptnumber', 'receiptid'],
    ...['bestellnummer', 'bestellnr', 'rechnungsnummer', 'rechnungsnr'],
  ],
  customer: [
    ...['customerid', 'customernumber', 'customerno', 'customernr', 'customer', 'custid'],
    ...['userid', 'user', 'clientid', 'client', 'memberid', 'member', 'accountid', 'buyerid', 'contactid'],
    ...['kundennummer', 'kundennr', 'kundenid', 'kunde'],
  ],
  email: ['email', 'emailaddress', 'customeremail', 'billingemail', 'useremail', 'buyeremail', 'mail'],
  date: [
    ...['orderdate', 'invoicedate', 'purchasedate', 'transactiondate', 'date', 'orderedat', 'createdat'],
    ...['purchasedat', 'datecreated', 'created', 'datetime', 'timestamp', 'paidat', 'day', 'time'],
    ...['bestelldatum', 'rechnungsdatum', 'datum'],
  ],
  amount: [
    ...['total', 'ordertotal', 'totalamount', 'amount', 'grandtotal', 'orderamount', 'ordervalue', 'totalprice'],
    ...['linetotal', 'rowtotal', 'lineamount', 'revenue', 'netamount', 'value', 'sales', 'spend', 'dollarvalue'],
    ...['dollars', 'gesamtbetrag', 'betrag', 'summe', 'umsatz', 'subtotal'],
  ],
  quantity: ['quantity', 'qty', 'lineitemquantity', 'itemquantity', 'units', 'pieces', 'menge', 'anzahl', 'stückzahl'],
  price: ['unitprice', 'price', 'lineitemprice', 'itemprice', 'priceperunit', 'einzelpreis', 'stückpreis', 'preis'],
  currency: ['currency', 'currencycode', 'ordercurrency', 'währung'],
}

/** Where no name is known as a whole: a part of it that says enough. */
const tellingParts: Readonly<Partial<Record<ColumnRole, RegExp>>> = {
  order: /(order|invoice)(id|no$|nr|num|$)/,
  customer: /(customer|user|client)(id|no$|nr|num)/,
  email: /email/,
  date: /date|datum/,
  amount: /amount|total|revenue/,
  quantity: /quantity/,
  price: /price/,
  currency: /currency/,
}

const fits: Readonly<Record<ColumnRole, (cell: string) => boolean>> = {
  order: () => true,
  customer: () => true,
  email: looksLikeEmail,
  date: (cell) => looksLikeDate(cell) || readsAs(cell, 'unix'),
  amount: looksLikeAmount,
  quantity: looksLikeAmount,
  price: looksLikeAmount,
  currency: (cell) => /^[a-z]{3}$/i.test(cell),
}

/** A proposal which column is what: by the header's names, checked against the cells; without a header by the cells alone. */
export const guessColumns = (sample: FileSample): ChosenColumns => {
  const found = sample.header ? byName(sample) : byCells(sample)
  // A price with no quantity beside it is what the row costs.
  if (found.amount !== undefined || found.price === undefined || found.quantity !== undefined) return found
  const { price, ...rest } = found
  return { ...rest, amount: price }
}

const lettersOf = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')

const byName = (sample: FileSample): ChosenColumns => {
  const names = sample.names.map(lettersOf)
  const found: Partial<Record<ColumnRole, number>> = {}
  const isFree = (column: number): boolean => !Object.values(found).includes(column)
  const take = (role: ColumnRole, columns: readonly number[]): void => {
    const column = columns.find((each) => each >= 0 && isFree(each) && cellsOf(sample, each).some(fits[role]))
    if (column !== undefined && found[role] === undefined) found[role] = column
  }
  for (const role of columnRoles)
    take(
      role,
      knownNames[role].map((name) => names.indexOf(name)),
    )
  take('order', [nameOfShopify(sample, names)])
  for (const role of columnRoles)
    take(
      role,
      names.flatMap((name, column) => (tellingParts[role]?.test(name) === true ? [column] : [])),
    )
  return found
}

/** Shopify calls the order number "Name", and writes #1001. */
const nameOfShopify = (sample: FileSample, names: readonly string[]): number => {
  const column = names.indexOf('name')
  const cells = cellsOf(sample, column)
  return cells.length > 0 && cells.every((cell) => cell.startsWith('#')) ? column : -1
}

/** Ids look like any other number, so only what cannot be mistaken is proposed. */
const byCells = (sample: FileSample): ChosenColumns => {
  const isAll = (column: number, holds: (cell: string) => boolean): boolean => {
    const cells = cellsOf(sample, column)
    return cells.length > 0 && cells.every(holds)
  }
  const columns = sample.names.map((_, column) => column)
  const date = columns.find((column) => isAll(column, looksLikeDate))
  const email = columns.find((column) => isAll(column, looksLikeEmail))
  const decimals = columns.filter((column) => column !== date && isAll(column, hasCents))
  const [amount] = decimals
  return {
    ...(date === undefined ? {} : { date }),
    ...(email === undefined ? {} : { email }),
    ...(amount === undefined || decimals.length > 1 ? {} : { amount }),
  }
}

const hasCents = (cell: string): boolean => looksLikeAmount(cell) && /[.,]\d{2}\D*$/.test(cell)
