/** Why a row of a file of orders could not be taken, with what to do about it; the reason is stored, the words shown. */
export const rejectionReasons = {
  'broken-quotes': ['A quotation mark is opened and never closed.', 'Close it, or write it twice where it is meant.'],
  'long-row': ['The row is longer than any row of orders.', 'Check how the file ends its lines.'],
  'not-text': ['The row holds bytes that are no text.', 'Export the file again as text, and send these rows.'],
  'too-few-columns': ['The row has fewer columns than were named.', 'Complete the row.'],
  'no-order': ['The row names no order.', 'Fill in the order number.'],
  'long-id': [
    'An order number or customer id is longer than 200 characters.',
    'Check which columns were named for them.',
  ],
  'no-customer': ['The row names no customer.', 'Fill in the customer, or import with guests: keep.'],
  'bad-email': ['That is no e-mail address, and no customer id stands beside it.', 'Correct the address.'],
  'no-date': ['The row names no date.', 'Fill in the date.'],
  'bad-date': [
    'That is no date in the format of this file.',
    'Correct it, or say in which format the dates are written.',
  ],
  'future-date': ['The date lies in the future.', 'Correct it, or say in which format the dates are written.'],
  'no-amount': ['The row names no amount.', 'Fill in the amount, or quantity and price.'],
  'bad-amount': ['Amount, quantity or price is not a number.', 'Correct it, or say which decimal mark the file has.'],
  'too-big': [
    'The order, or the file with it, comes to more than can be counted.',
    'Check whether another number stands in the column of amounts.',
  ],
  'bad-currency': ['That is no ISO 4217 currency.', 'Write a three-letter code, like EUR.'],
  'mixed-currencies': ['The order has lines in several currencies.', 'Give the lines of an order one currency.'],
  'other-customer': [
    'Another customer stands under this order number already.',
    'If the file is of another system, import these rows alone again with an order prefix; else correct the customer.',
  ],
  'several-customers': ['The order has lines of several customers.', 'Give each customer an order number of her own.'],
} as const satisfies Record<string, readonly [what: string, remedy: string]>

export type RejectionReason = keyof typeof rejectionReasons

export const describeRejection = (reason: string): { readonly reason: string; readonly remedy: string } => {
  const known: readonly [string, string] = Object.hasOwn(rejectionReasons, reason)
    ? rejectionReasons[reason as RejectionReason]
    : [reason, '']
  return { reason: known[0], remedy: known[1] }
}
