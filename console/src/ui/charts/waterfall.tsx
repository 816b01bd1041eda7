import { Tooltip } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTexts } from '../../texts/use-texts.ts'
import { ChartFrame } from './chart-frame.tsx'
import classes from './charts.module.css'
import { niceScale, type Scale } from './scale.ts'
import { type WaterfallBar, type WaterfallItem, waterfallBars } from './waterfall-layout.ts'

export type { WaterfallItem } from './waterfall-layout.ts'

export interface WaterfallProps {
  readonly label: string
  readonly items: readonly WaterfallItem[]
  /** The exact figure, for tables and tooltips. */
  readonly format: (amount: number) => string
  /** A short one, for bars and the axis. */
  readonly formatShort?: (amount: number) => string
  readonly height?: number
}

/** Upright bars need this much; below, the bars lie. */
const uprightWidth = 560
const rowHeight = 46

/** How one total becomes another: gains green, losses red, totals violet; each bar opens what is behind it. */
export const Waterfall = ({ label, items, format, formatShort = format, height = 300 }: WaterfallProps) => {
  const t = useTexts()
  const bars = waterfallBars(items)
  const table = {
    header: [t('ui.chart.item'), t('ui.chart.change'), t('ui.chart.running')],
    rows: bars.map(({ item, to }) => ({
      id: item.id,
      cells: [
        item.to === undefined ? (
          item.label
        ) : (
          <Link key="label" to={item.to}>
            {item.label}
          </Link>
        ),
        changeOf(item, format),
        format(to),
      ],
    })),
  }
  return (
    <ChartFrame
      label={label}
      height={(width) => (width >= uprightWidth ? height : bars.length * rowHeight)}
      table={table}
    >
      {(width) =>
        width >= uprightWidth ? (
          <Upright bars={bars} width={width} height={height} format={format} short={formatShort} />
        ) : (
          <Lying bars={bars} width={width} format={format} short={formatShort} />
        )
      }
    </ChartFrame>
  )
}

interface DrawProps {
  readonly bars: readonly WaterfallBar[]
  readonly width: number
  readonly format: (amount: number) => string
  readonly short: (amount: number) => string
}

const changeOf = (item: WaterfallItem, format: (amount: number) => string): string => {
  if (item.kind === 'total') return ''
  return item.kind === 'unknown' ? (item.hint ?? '?') : format(item.amount)
}

const domainOf = (bars: readonly WaterfallBar[]): readonly [number, number] => {
  const ends = bars.flatMap(({ from, to }) => [from, to])
  return [Math.min(0, ...ends), Math.max(0, ...ends)]
}

const signed = ({ item }: WaterfallBar, short: (amount: number) => string): string => {
  if (item.kind === 'unknown') return item.hint ?? '?'
  return item.kind === 'change' && item.amount > 0 ? `+${short(item.amount)}` : short(item.amount)
}

const Upright = ({ bars, width, height, format, short }: DrawProps & { readonly height: number }) => {
  const left = 62
  const bottom = height - 40
  const scale = niceScale(...domainOf(bars), [bottom, 22])
  const step = (width - left) / bars.length
  const thick = Math.min(72, step * 0.62)
  const centre = (index: number): number => left + step * (index + 0.5)
  return (
    <>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line
            className={tick === 0 ? classes.zero : classes.grid}
            x1={left}
            x2={width}
            y1={scale(tick)}
            y2={scale(tick)}
          />
          <text className={classes.quiet} x={left - 8} y={scale(tick) + 4} textAnchor="end">
            {short(tick)}
          </text>
        </g>
      ))}
      {bars.map((bar, index) => (
        <g key={bar.item.id}>
          {index < bars.length - 1 ? (
            <line
              className={classes.joint}
              x1={centre(index) + thick / 2}
              x2={centre(index + 1) - thick / 2}
              y1={scale(bar.to)}
              y2={scale(bar.to)}
            />
          ) : null}
          <Bar bar={bar} format={format} x={centre(index) - thick / 2} width={thick} {...upright(bar, scale)} />
          <text
            className={classes.strong}
            x={centre(index)}
            y={Math.min(scale(bar.from), scale(bar.to)) - 6}
            textAnchor="middle"
          >
            {signed(bar, short)}
          </text>
          <WrappedLabel text={bar.item.label} x={centre(index)} y={bottom + 16} width={step} />
        </g>
      ))}
    </>
  )
}

const upright = (bar: WaterfallBar, scale: Scale) => {
  const top = Math.min(scale(bar.from), scale(bar.to))
  return { y: top, height: Math.max(1.5, Math.abs(scale(bar.from) - scale(bar.to))) }
}

const Lying = ({ bars, width, format, short }: DrawProps) => {
  const scale = niceScale(...domainOf(bars), [0, width], 4)
  return (
    <>
      <line className={classes.zero} x1={scale(0)} x2={scale(0)} y1={0} y2={bars.length * rowHeight} />
      {bars.map((bar, index) => {
        const x = Math.min(scale(bar.from), scale(bar.to))
        return (
          <g key={bar.item.id}>
            <text x={0} y={index * rowHeight + 14}>
              {bar.item.label}
            </text>
            <text className={classes.strong} x={width} y={index * rowHeight + 14} textAnchor="end">
              {signed(bar, short)}
            </text>
            <Bar
              bar={bar}
              format={format}
              x={x}
              y={index * rowHeight + 20}
              width={Math.max(1.5, Math.abs(scale(bar.to) - scale(bar.from)))}
              height={14}
            />
          </g>
        )
      })}
    </>
  )
}

interface BarProps {
  readonly bar: WaterfallBar
  readonly format: (amount: number) => string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const Bar = ({ bar, format, ...box }: BarProps) => {
  const navigate = useNavigate()
  const { to, label, hint, amount, kind } = bar.item
  const text = [`${label}: ${kind === 'unknown' ? '?' : format(amount)}`, hint].filter(Boolean).join(' · ')
  return (
    <Tooltip.Floating label={text}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way is the same link in the table beside the picture */}
      <rect
        {...box}
        rx={2}
        className={`${classes[bar.look]} ${to === undefined ? '' : classes.clickable}`}
        onClick={() => (to === undefined ? undefined : void navigate({ to }))}
      />
    </Tooltip.Floating>
  )
}

/** Up to two lines, broken where the width asks for it. */
const WrappedLabel = ({
  text,
  x,
  y,
  width,
}: {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
}) => {
  const fits = Math.max(6, Math.floor(width / 6.6))
  const lines = wrap(text, fits)
  return (
    <text x={x} y={y} textAnchor="middle" className={classes.quiet}>
      {lines.map((line, index) => (
        <tspan key={line} x={x} dy={index === 0 ? 0 : 14}>
          {line}
        </tspan>
      ))}
    </text>
  )
}

const wrap = (text: string, fits: number): readonly string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length + 1 <= fits) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.length <= 2 ? lines : [lines[0] ?? '', `${lines[1] ?? ''}…`]
}
