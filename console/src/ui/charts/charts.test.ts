import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOutSankey } from './sankey-layout.ts'
import { niceScale } from './scale.ts'
import { waterfallBars } from './waterfall-layout.ts'

test('every change of a waterfall begins where the bar before it ended', () => {
  const bars = waterfallBars([
    { id: 'a', label: 'New', kind: 'change', amount: 500 },
    { id: 'b', label: 'Costs', kind: 'change', amount: -200 },
    { id: 'c', label: 'Lost', kind: 'change', amount: -400 },
    { id: 'd', label: 'Sum', kind: 'total', amount: -100 },
  ])
  expect(bars.map(({ from, to, look }) => [from, to, look])).toEqual([
    [0, 500, 'gain'],
    [500, 300, 'loss'],
    [300, -100, 'loss'],
    [0, -100, 'total'],
  ])
})

test('an amount that is not known changes nothing', () => {
  const bars = waterfallBars([
    { id: 'a', label: 'New', kind: 'change', amount: 500 },
    { id: 'b', label: 'Costs', kind: 'unknown', amount: 0 },
    { id: 'c', label: 'Sum', kind: 'total', amount: 500 },
  ])
  expect(bars[1]).toMatchObject({ from: 500, to: 500, look: 'unknown' })
})

test('a scale contains what it was made for, between round ticks', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const scale = niceScale(low, high, [0, 100])
        expect(scale(low)).toBeGreaterThanOrEqual(-1e-6)
        expect(scale(high)).toBeLessThanOrEqual(100 + 1e-6)
        expect(scale.ticks.length).toBeLessThan(12)
      },
    ),
  )
})

test('the links of a Sankey fill their nodes and stay within the frame', () => {
  const count = fc.integer({ min: 0, max: 5_000 })
  fc.assert(
    fc.property(fc.array(count, { minLength: 9, maxLength: 9 }), (people) => {
      fc.pre(people.some((one) => one > 0))
      const names = ['x', 'y', 'z']
      const nodes = [0, 1].flatMap((column) => names.map((name) => ({ id: `${name}${column}`, label: name, column })))
      const links = people.map((one, index) => ({
        from: `${names[Math.floor(index / 3)]}0`,
        to: `${names[index % 3]}1`,
        people: one,
      }))
      const laid = layOutSankey(nodes, links, { width: 600, height: 300, margin: 80, nodeWidth: 10, gap: 12 })
      for (const node of laid.nodes) {
        expect(node.y + node.height).toBeLessThanOrEqual(300 + 6.001)
        const flows = laid.links.filter((link) => (node.column === 0 ? link.from : link.to) === node.id)
        const thickness = flows.reduce((total, link) => total + link.thickness, 0)
        expect(thickness).toBeLessThanOrEqual(node.height + 1e-6)
      }
    }),
  )
})
