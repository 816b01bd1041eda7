/** Two orders, one of them of two lines, and a return: enough to see what a file of orders looks like. */
export const exampleHeader = ['order', 'customer', 'email', 'date', 'quantity', 'price', 'currency']

export const exampleRows = [
  ['1001', 'c-1', 'ann@customers.example', '2026-01-14', 2, 12.5, 'EUR'],
  ['1001', 'c-1', 'ann@customers.example', '2026-01-14', 1, 4.9, 'EUR'],
  ['1002', 'c-2', 'bea@customers.example', '2026-02-03', 1, 39, 'EUR'],
  ['1003', 'c-2', 'bea@customers.example', '2026-02-09', -1, 39, 'EUR'],
] as const
