import { Graph, layout } from '@dagrejs/dagre'
import { portsOf, type Way } from './edit-steps.ts'
import type { EditableDraft } from './editable-draft.ts'

export const boxWidth = 324
export const boxHeight = 60
/** With a row of figures under it. */
export const countedBoxHeight = 96
export const endSize = 30

export type PlacedKind = 'entry' | 'step' | 'end'
export interface PlacedBox {
  readonly id: string
  readonly kind: PlacedKind
  readonly x: number
  readonly y: number
  /** For an end: the way that ends there. */
  readonly way: Way | null
}
export interface PlacedEdge {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly way: Way
}

export const entryId = '(entry)'
const endId = (way: Way): string => `(end) ${way.from ?? ''} ${way.port}`

/** Where every box stands, top to bottom; the ways of a step keep their order from left to right. */
export const layoutJourney = (
  draft: EditableDraft,
  hasCounts: (stepId: string) => boolean = () => false,
): { readonly boxes: readonly PlacedBox[]; readonly edges: readonly PlacedEdge[] } => {
  const known = new Set(draft.steps.map(({ id }) => id))
  const ends: Way[] = []
  const edge = (source: string, way: Way, next: string | null): PlacedEdge => {
    const leadsOn = next !== null && known.has(next)
    if (!leadsOn) ends.push(way)
    return { id: `${source} ${way.port}`, source, target: leadsOn ? next : endId(way), way }
  }
  const edges = [
    edge(entryId, { from: null, port: 'start' }, draft.start),
    ...draft.steps.flatMap((step) =>
      portsOf(step).map(({ port, next }) => edge(step.id, { from: step.id, port }, next)),
    ),
  ]
  const graph = new Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 44, ranksep: 72, marginx: 20, marginy: 20 })
  graph.setDefaultEdgeLabel(() => ({}))
  graph.setNode(entryId, { width: boxWidth, height: boxHeight })
  const heightOf = (id: string) => (hasCounts(id) ? countedBoxHeight : boxHeight)
  for (const { id } of draft.steps) graph.setNode(id, { width: boxWidth, height: heightOf(id) })
  for (const way of ends) graph.setNode(endId(way), { width: boxWidth / 2, height: endSize })
  for (const each of edges) graph.setEdge(each.source, each.target, {}, each.way.port)
  // Its heuristic swaps siblings to save crossings: "It came" would jump from left to right with every edit.
  layout(graph, { disableOptimalOrderHeuristic: true })
  const placed = (id: string, kind: PlacedKind, way: Way | null, width: number, height: number): PlacedBox => {
    const at = graph.node(id)
    return { id, kind, way, x: (at?.x ?? 0) - width / 2, y: (at?.y ?? 0) - height / 2 }
  }
  return {
    boxes: [
      placed(entryId, 'entry', null, boxWidth, boxHeight),
      ...draft.steps.map(({ id }) => placed(id, 'step', null, boxWidth, heightOf(id))),
      ...ends.map((way) => placed(endId(way), 'end', way, endSize, endSize)),
    ],
    edges,
  }
}
