import { Tooltip } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useTexts } from '../../texts/use-texts.ts'
import { formatCount } from '../numbers.ts'
import { ChartFrame } from './chart-frame.tsx'
import classes from './charts.module.css'
import { layOutSankey, type PlacedLink, type PlacedNode, type SankeyLink, type SankeyNode } from './sankey-layout.ts'

export type { SankeyLink, SankeyNode } from './sankey-layout.ts'

export interface SankeyProps {
  readonly label: string
  /** In their order from top to bottom, `column` 0 at the left. */
  readonly nodes: readonly SankeyNode[]
  readonly links: readonly SankeyLink[]
  /** Writes `valueMinor`; absent when no link carries a value. */
  readonly formatValue?: (minor: number) => string
  readonly height?: number
  /** Where a click on a node leads. */
  readonly nodeTo?: (node: SankeyNode) => string | undefined
}

/** Who went where, as wide as they are many: green up, red down, grey stayed. */
export const Sankey = ({ label, nodes, links, formatValue, height = 320, nodeTo }: SankeyProps) => {
  const t = useTexts()
  const nameOf = new Map(nodes.map((node) => [node.id, node.label]))
  const hasValue = formatValue !== undefined && links.some((link) => link.valueMinor !== undefined)
  const writeValue = (link: SankeyLink): string =>
    link.valueMinor === undefined ? '' : (formatValue?.(link.valueMinor) ?? '')
  const describe = (link: SankeyLink): string =>
    `${nameOf.get(link.from) ?? link.from} → ${nameOf.get(link.to) ?? link.to}: ${formatCount(link.people)}${hasValue ? ` · ${writeValue(link)}` : ''}`
  const table = {
    header: [t('ui.chart.from'), t('ui.chart.to'), t('ui.chart.people'), ...(hasValue ? [t('ui.chart.value')] : [])],
    rows: links
      .filter((link) => link.people > 0)
      .map((link) => ({
        id: `${link.from} ${link.to}`,
        cells: [
          nameOf.get(link.from) ?? link.from,
          nameOf.get(link.to) ?? link.to,
          formatCount(link.people),
          ...(hasValue ? [writeValue(link)] : []),
        ],
      })),
  }
  return (
    <ChartFrame label={label} height={height} table={table}>
      {(width) => {
        const margin = marginOf(nodes, width)
        const laid = layOutSankey(nodes, links, { width, height, margin, nodeWidth: 10, gap: 14 })
        return (
          <>
            {laid.links.map((link) => (
              <Flow key={`${link.from} ${link.to}`} link={link} text={describe(link)} />
            ))}
            {laid.nodes.map((node) => (
              <Node
                key={node.id}
                node={node}
                to={nodeTo?.(node)}
                isFirst={node.column === 0}
                fits={Math.floor((margin - besideText) / perLetter)}
              />
            ))}
          </>
        )
      }}
    </ChartFrame>
  )
}

/** About what a letter takes, and what stands beside the text. */
const perLetter = 6.4
const besideText = 18

/** Room for the longest name with its number, as far as the picture can spare it. */
const marginOf = (nodes: readonly SankeyNode[], width: number): number => {
  const letters = Math.max(...nodes.map(({ label }) => label.length)) + ' 00,000'.length
  return Math.min(Math.max(112, besideText + letters * perLetter), Math.max(112, width * 0.26))
}

const Flow = ({ link, text }: { readonly link: PlacedLink; readonly text: string }) => {
  const middle = (link.x0 + link.x1) / 2
  return (
    <Tooltip.Floating label={text}>
      <path
        className={classes.link}
        data-direction={link.direction ?? 'level'}
        d={`M${link.x0},${link.y0} C${middle},${link.y0} ${middle},${link.y1} ${link.x1},${link.y1}`}
        strokeWidth={Math.max(1, link.thickness)}
      />
    </Tooltip.Floating>
  )
}

const Node = ({
  node,
  to,
  isFirst,
  fits,
}: {
  readonly node: PlacedNode
  readonly to: string | undefined
  readonly isFirst: boolean
  readonly fits: number
}) => {
  const navigate = useNavigate()
  const at = isFirst ? { x: node.x - 8, textAnchor: 'end' as const } : { x: node.x + 18, textAnchor: 'start' as const }
  const middle = node.y + node.height / 2
  const count = formatCount(node.people)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the page lists the same states as links
    <g
      className={to === undefined ? '' : classes.clickable}
      onClick={() => (to === undefined ? undefined : void navigate({ to }))}
    >
      <rect className={classes.node} x={node.x} y={node.y} width={10} height={node.height} rx={2} />
      <text {...at} y={node.height < 26 ? middle + 4 : middle - 2}>
        {node.height < 26 ? `${shorten(node.label, fits - count.length - 1)} ` : shorten(node.label, fits)}
        {node.height < 26 ? <tspan className={classes.quiet}>{count}</tspan> : null}
      </text>
      {node.height < 26 ? null : (
        <text {...at} y={middle + 13} className={classes.quiet}>
          {count}
        </text>
      )}
    </g>
  )
}

const shorten = (text: string, fits: number): string =>
  text.length <= fits ? text : `${text.slice(0, Math.max(1, fits - 1)).trimEnd()}…`
