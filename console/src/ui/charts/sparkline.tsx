import { useId } from 'react'
import { linearScale } from './scale.ts'

export interface SparklineProps {
  /** In their order in time. */
  readonly values: readonly number[]
  /** Said to screen readers; without it the line is decoration beside a figure. */
  readonly label?: string
  readonly width?: number
  readonly height?: number
}

export const Sparkline = ({ values, label, width = 84, height = 28 }: SparklineProps) => {
  const titleId = useId()
  if (values.length < 2) return null
  const x = linearScale(0, values.length - 1, [1, width - 1])
  const y = linearScale(Math.min(...values), Math.max(...values), [height - 3, 3])
  const line = values
    .map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)},${y(value).toFixed(1)}`)
    .join('')
  const picture = (
    <>
      <path d={`${line}L${width - 1},${height}L1,${height}Z`} fill="var(--baton-chart-1)" fillOpacity={0.12} />
      <path d={line} fill="none" stroke="var(--baton-chart-1)" strokeWidth={1.6} strokeLinejoin="round" />
    </>
  )
  if (label === undefined) {
    return (
      <svg width={width} height={height} aria-hidden="true">
        {picture}
      </svg>
    )
  }
  return (
    <svg width={width} height={height} role="img" aria-labelledby={titleId}>
      <title id={titleId}>{label}</title>
      {picture}
    </svg>
  )
}
