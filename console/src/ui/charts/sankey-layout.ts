export interface SankeyNode {
  readonly id: string
  readonly label: string
  /** 0 at the left. */
  readonly column: number
}

export interface SankeyLink {
  readonly from: string
  readonly to: string
  readonly people: number
  /** Minor units; shown beside the heads. */
  readonly valueMinor?: number
  /** Up: towards loyalty. Down: away from it. Level: stayed. */
  readonly direction?: 'up' | 'down' | 'level'
}

export interface PlacedNode extends SankeyNode {
  readonly people: number
  readonly x: number
  readonly y: number
  readonly height: number
}

export interface PlacedLink extends SankeyLink {
  readonly thickness: number
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

export interface SankeyFrame {
  readonly width: number
  readonly height: number
  /** Room for labels at both sides. */
  readonly margin: number
  readonly nodeWidth: number
  readonly gap: number
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

/**
 * Nodes keep the order given, top to bottom; a node is as tall as the larger of what comes in and what goes out, and the
 * links of a node lie in the order of their other ends, so that they cross only where people do.
 */
export const layOutSankey = (nodes: readonly SankeyNode[], links: readonly SankeyLink[], frame: SankeyFrame) => {
  const flowing = links.filter((link) => link.people > 0)
  const peopleAt = (id: string): number =>
    Math.max(
      sum(flowing.filter((link) => link.from === id).map((link) => link.people)),
      sum(flowing.filter((link) => link.to === id).map((link) => link.people)),
    )
  const used = nodes.map((node) => ({ ...node, people: peopleAt(node.id) })).filter((node) => node.people > 0)
  const columns = [...new Set(used.map((node) => node.column))].toSorted((a, b) => a - b)
  const lastColumn = Math.max(1, columns.at(-1) ?? 1)
  const columnStep = (frame.width - 2 * frame.margin - frame.nodeWidth) / lastColumn
  const perPerson = Math.min(
    ...columns.map((column) => {
      const inColumn = used.filter((node) => node.column === column)
      return (frame.height - frame.gap * (inColumn.length - 1)) / sum(inColumn.map((node) => node.people))
    }),
  )
  const placed = columns.flatMap((column) => {
    let y = 0
    return used
      .filter((node) => node.column === column)
      .map((node): PlacedNode => {
        const height = Math.max(2, node.people * perPerson)
        const at = { ...node, x: frame.margin + node.column * columnStep, y, height }
        y += height + frame.gap
        return at
      })
  })
  return { nodes: placed, links: placeLinks(placed, flowing, perPerson, frame.nodeWidth) }
}

const placeLinks = (
  nodes: readonly PlacedNode[],
  links: readonly SankeyLink[],
  perPerson: number,
  nodeWidth: number,
): readonly PlacedLink[] => {
  const rank = new Map(nodes.map((node, index) => [node.id, index]))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const usedOut = new Map<string, number>()
  const usedIn = new Map<string, number>()
  const take = (used: Map<string, number>, id: string, amount: number): number => {
    const before = used.get(id) ?? 0
    used.set(id, before + amount)
    return before
  }
  const ordered = links.toSorted(
    (a, b) => (rank.get(a.from) ?? 0) - (rank.get(b.from) ?? 0) || (rank.get(a.to) ?? 0) - (rank.get(b.to) ?? 0),
  )
  return ordered.flatMap((link) => {
    const from = byId.get(link.from)
    const to = byId.get(link.to)
    if (from === undefined || to === undefined) return []
    const thickness = link.people * perPerson
    const y0 = from.y + take(usedOut, from.id, thickness) + thickness / 2
    const y1 = to.y + take(usedIn, to.id, thickness) + thickness / 2
    return [{ ...link, thickness, x0: from.x + nodeWidth, y0, x1: to.x, y1 }]
  })
}
