import { formatMoney, minorDigits } from '../ui/money.ts'

type Properties = Readonly<Record<string, unknown>>

/** What it was about; of Segment's e-commerce names, those that a reader knows by sight. */
const subjects = ['name', 'product_name', 'title', 'query', 'coupon']
const amounts = ['revenue', 'total', 'value', 'price']
/** Part of an amount, or for machines. */
const unsaid = new Set(['currency', 'products', 'sku', 'image', 'url', 'referrer', 'path', 'search'])
const mostFacts = 3

/** What an event was about, in a line: its words where somebody wrote, else three of its facts; ids and addresses say nothing to a reader. */
export const eventSummary = (properties: Properties): string => {
  const { text } = properties
  if (typeof text === 'string' && text.trim() !== '') return `“${text.trim()}”`
  const subject = subjects.find((key) => isReadable(key, properties[key]))
  const amount = amounts.find((key) => typeof properties[key] === 'number')
  const said = new Set([subject, ...(amount === undefined ? [] : amounts)])
  const others = Object.entries(properties).filter(([key, value]) => !said.has(key) && isReadable(key, value))
  return [
    ...(subject === undefined ? productsOf(properties) : [String(properties[subject])]),
    ...(amount === undefined ? [] : [amountText(properties, Number(properties[amount]))]),
    ...others.map(([, value]) => String(value)),
  ]
    .slice(0, mostFacts)
    .join(' · ')
}

const isReadable = (key: string, value: unknown): boolean => {
  if (typeof value === 'number') return !unsaid.has(key) && !isIdKey(key)
  return typeof value === 'string' && value !== '' && !unsaid.has(key) && !isIdKey(key) && !isForMachines(value)
}
const isIdKey = (key: string): boolean => /(^|_)id$|Id$|_url$/.test(key)
const isForMachines = (value: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-|:\/\//i.test(value)

/** "Abacus and 2 more" would need words: the names themselves, as far as there is room. */
const productsOf = ({ products }: Properties): readonly string[] => {
  if (!Array.isArray(products)) return []
  const names = products.flatMap((product: unknown) =>
    typeof product === 'object' && product !== null && 'name' in product && typeof product.name === 'string'
      ? [product.name]
      : [],
  )
  return names.length === 0 ? [] : [names.join(', ')]
}

const amountText = ({ currency }: Properties, amount: number): string => {
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return String(amount)
  return formatMoney({ minor: Math.round(amount * 10 ** minorDigits(currency)), currency })
}
