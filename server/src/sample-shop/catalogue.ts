/** What the simulated maker sells: children's learning products, prices in euro. All names are invented. */
export interface Product {
  readonly productId: string
  readonly name: string
  readonly category: 'letters' | 'numbers' | 'world' | 'making' | 'music'
  /** Ages it is for. */
  readonly from: number
  readonly to: number
  readonly price: number
}

export const shopName = 'Lumen & Lark'
export const retailers = ['Tall Oak Toys', 'Marigold Market'] as const
export const agency = 'Studio Brightwater'

export const products: readonly Product[] = [
  { productId: 'letters-blocks', name: 'Letter blocks', category: 'letters', from: 2, to: 5, price: 34.9 },
  { productId: 'first-words', name: 'First words box', category: 'letters', from: 3, to: 6, price: 27.5 },
  { productId: 'story-dice', name: 'Story dice', category: 'letters', from: 5, to: 10, price: 18.9 },
  { productId: 'reading-club', name: 'Reading club, three months', category: 'letters', from: 5, to: 9, price: 59 },
  { productId: 'counting-frame', name: 'Counting frame', category: 'numbers', from: 3, to: 6, price: 29.9 },
  { productId: 'number-trail', name: 'Number trail floor game', category: 'numbers', from: 4, to: 8, price: 42 },
  { productId: 'fraction-bakery', name: 'Fraction bakery', category: 'numbers', from: 6, to: 10, price: 38.5 },
  { productId: 'glow-globe', name: 'Glow globe', category: 'world', from: 5, to: 12, price: 64.9 },
  { productId: 'bug-lab', name: 'Bug lab', category: 'world', from: 5, to: 10, price: 31.9 },
  { productId: 'weather-station', name: 'Weather station', category: 'world', from: 7, to: 12, price: 54.9 },
  { productId: 'loom-kit', name: 'Loom kit', category: 'making', from: 6, to: 12, price: 36 },
  { productId: 'clay-studio', name: 'Clay studio', category: 'making', from: 4, to: 10, price: 24.5 },
  { productId: 'chime-set', name: 'Chime set', category: 'music', from: 3, to: 8, price: 45.9 },
  { productId: 'rhythm-cards', name: 'Rhythm cards', category: 'music', from: 5, to: 10, price: 16.9 },
]

export const shopUrl = 'https://shop.lumen-and-lark.example'
