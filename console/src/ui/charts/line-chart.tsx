import { type PointerEvent, useState } from 'react'
import { useTexts } from '../../texts/use-texts.ts'
import { dateOnly } from '../relative-time.ts'
import { ChartFrame } from './chart-frame.tsx'
import classes from './charts.module.css'
import { linearScale, niceScale } from './scale.ts'

export interface LinePoint {
  readonly at: number
  readonly value: number
  /** The interval around the value, drawn as a band. */
  readonly low?: number
  readonly high?: number
}

export interface LineSeries {
  readonly id: string
  readonly label: string
  readonly points: readonly LinePoint[]
  readonly dashed?: boolean
}

export interface LineChartProps {
  readonly label: string
  /** Up to five, with points at the same instants. */
  readonly series: readonly LineSeries[]
  readonly format: (value: number) => string
  readonly formatShort?: (value: number) => string
  /** How an instant is written. @default the date in the browser's zone */
  readonly formatAt?: (atMs: number) => string
  readonly height?: number
  /** False lets the axis begin above zero. @default true */
  readonly fromZero?: boolean
}

const colourOf = (index: number): string => `var(--baton-chart-${(index % 5) + 1})`

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone

export const LineChart = (props: LineChartProps) => {
  const t = useTexts()
  const { label, series, format, height = 220, formatAt = (atMs) => dateOnly(atMs, browserZone) } = props
  const instants = [...new Set(series.flatMap((one) => one.points.map((point) => point.at)))].toSorted((a, b) => a - b)
  const [hovered, setHovered] = useState<number | null>(null)
  const at = hovered ?? instants.at(-1)
  const table = {
    header: [t('ui.chart.date'), ...series.map((one) => one.label)],
    rows: instants.map((instant) => ({
      id: String(instant),
      cells: [formatAt(instant), ...series.map((one) => valueAt(one, instant, format))],
    })),
  }
  return (
    <>
      <ul className={classes.legend}>
        {series.map((one, index) => (
          <li key={one.id}>
            <svg width={14} height={4} aria-hidden="true">
              <line
                x1={0}
                x2={14}
                y1={2}
                y2={2}
                stroke={colourOf(index)}
                strokeWidth={3}
                strokeDasharray={one.dashed === true ? '4 3' : undefined}
              />
            </svg>
            {one.label}
            <strong className="baton-numbers">{at === undefined ? '' : valueAt(one, at, format)}</strong>
          </li>
        ))}
        {at === undefined ? null : <li>{formatAt(at)}</li>}
      </ul>
      <ChartFrame label={label} height={height} table={table}>
        {(width) => (
          <Lines
            {...props}
            height={height}
            width={width}
            instants={instants}
            hovered={hovered}
            onHover={setHovered}
            formatAt={formatAt}
          />
        )}
      </ChartFrame>
    </>
  )
}

const valueAt = (series: LineSeries, at: number, format: (value: number) => string): string => {
  const point = series.points.find((candidate) => candidate.at === at)
  return point === undefined ? '–' : format(point.value)
}

interface LinesProps extends LineChartProps {
  readonly width: number
  readonly height: number
  readonly instants: readonly number[]
  readonly hovered: number | null
  readonly onHover: (at: number | null) => void
  readonly formatAt: (atMs: number) => string
}

const Lines = ({
  series,
  width,
  height,
  instants,
  hovered,
  onHover,
  format,
  formatShort = format,
  formatAt,
  fromZero = true,
}: LinesProps) => {
  const left = 56
  const bottom = height - 24
  const values = series.flatMap((one) =>
    one.points.flatMap((point) => [point.value, point.low ?? point.value, point.high ?? point.value]),
  )
  const y = niceScale(
    Math.min(...values, ...(fromZero ? [0] : [])),
    Math.max(...values, ...(fromZero ? [0] : [])),
    [bottom, 8],
    4,
  )
  const x = linearScale(instants[0] ?? 0, instants.at(-1) ?? 1, [left, width - 8])
  const path = (points: readonly (readonly [number, number])[]): string =>
    points.map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${px.toFixed(1)},${py.toFixed(1)}`).join('')
  const nearest = (event: PointerEvent<SVGRectElement>) => {
    const px = event.clientX - event.currentTarget.getBoundingClientRect().left + left
    onHover(
      instants.reduce((best, at) => (Math.abs(x(at) - px) < Math.abs(x(best) - px) ? at : best), instants[0] ?? 0),
    )
  }
  const marks = spread(instants, Math.max(2, Math.floor((width - left) / 120)))
  return (
    <>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line className={classes.grid} x1={left} x2={width} y1={y(tick)} y2={y(tick)} />
          <text className={classes.quiet} x={left - 8} y={y(tick) + 4} textAnchor="end">
            {formatShort(tick)}
          </text>
        </g>
      ))}
      {marks.map((at, index) => (
        <text key={at} className={classes.quiet} x={x(at)} y={height - 4} textAnchor={anchorOf(index, marks.length)}>
          {formatAt(at)}
        </text>
      ))}
      {series.map((one, index) => (
        <g key={one.id}>
          {one.points.some((point) => point.low !== undefined) ? (
            <path
              className={classes.band}
              fill={colourOf(index)}
              d={`${path([
                ...one.points.map((point) => [x(point.at), y(point.high ?? point.value)] as const),
                ...one.points.toReversed().map((point) => [x(point.at), y(point.low ?? point.value)] as const),
              ])}Z`}
            />
          ) : null}
          <path
            className={classes.line}
            stroke={colourOf(index)}
            strokeDasharray={one.dashed === true ? '5 4' : undefined}
            d={path(one.points.map((point) => [x(point.at), y(point.value)] as const))}
          />
        </g>
      ))}
      {hovered === null ? null : <line className={classes.cursor} x1={x(hovered)} x2={x(hovered)} y1={8} y2={bottom} />}
      <rect
        x={left}
        y={0}
        width={Math.max(0, width - left)}
        height={bottom}
        fill="transparent"
        onPointerMove={nearest}
        onPointerLeave={() => onHover(null)}
      />
    </>
  )
}

const anchorOf = (index: number, count: number): 'start' | 'middle' | 'end' => {
  if (index === 0) return 'start'
  return index === count - 1 ? 'end' : 'middle'
}

/** At most `count` of them, the first and the last included. */
const spread = (instants: readonly number[], count: number): readonly number[] => {
  if (instants.length <= count) return instants
  const step = (instants.length - 1) / (count - 1)
  return Array.from({ length: count }, (_, index) => instants[Math.round(index * step)] ?? 0)
}
