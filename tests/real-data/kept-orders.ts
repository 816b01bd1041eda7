/**
 * How many orders each customer of the online shop kept, from the text of the file alone: invoices of something or of nothing, less those
 * that a later credit note of hers gives back to the penny. Rows without customer are left out, as is who kept none.
 */
export const customersKeeping = (text: string): ReadonlyMap<string, number> => {
  const [, ...rows] = text.trim().split(/\r?\n/)
  const invoices = new Map<string, { customer: string; at: number; pence: number }>()
  for (const row of rows) {
    // The description alone may hold commas.
    const cells = row.split(',')
    const [quantity, date, price, customer] = cells.slice(-5, -1)
    const invoice = cells[0] ?? ''
    const before = invoices.get(invoice)
    const at = Date.parse(`${date?.replace(' ', 'T')}Z`)
    const pence = (before?.pence ?? 0) + Number(quantity) * Number(price) * 100
    invoices.set(invoice, { customer: customer ?? '', at: Math.min(at, before?.at ?? at), pence })
  }
  const kept = new Map<string, number>()
  const named = [...invoices.values()].filter(({ customer }) => customer !== '')
  for (const [customer, own] of Map.groupBy(named, (invoice) => invoice.customer)) {
    const inTime = own
      .map(({ at, pence }) => ({ at, pence: Math.round(pence) }))
      .sort((a, b) => a.at - b.at || b.pence - a.pence)
    const given = new Set<number>()
    inTime.forEach((back, index) => {
      if (back.pence >= 0) return
      const of = inTime.findLastIndex(({ pence }, at) => at < index && pence === -back.pence && !given.has(at))
      if (of >= 0) given.add(of)
    })
    const orders = inTime.filter(({ pence }, index) => pence >= 0 && !given.has(index)).length
    if (orders > 0) kept.set(customer, orders)
  }
  return kept
}
