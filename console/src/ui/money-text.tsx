import { Text, type TextProps } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { formatMoney, type Money, type MoneyStyle } from './money.ts'

export interface MoneyTextProps extends TextProps {
  /** null shows a dash: not known, not zero. */
  readonly value: Money | null
  readonly format?: MoneyStyle
  /** Colours a gain and a loss, and writes the plus. */
  readonly signed?: boolean
}

export const MoneyText = ({ value, format = 'exact', signed = false, ...text }: MoneyTextProps) => {
  const t = useTexts()
  if (value === null) {
    return (
      <Text span inherit c="dimmed" {...text} aria-label={t('ui.unknown')} role="img">
        –
      </Text>
    )
  }
  const colour =
    signed && value.minor !== 0
      ? { c: value.minor > 0 ? 'var(--mantine-color-teal-text)' : 'var(--mantine-color-red-text)' }
      : {}
  return (
    <Text
      span
      inherit
      className="baton-numbers"
      style={{ whiteSpace: 'nowrap' }}
      {...colour}
      {...text}
      title={format === 'short' ? formatMoney(value) : undefined}
    >
      {signed && value.minor > 0 ? '+' : ''}
      {formatMoney(value, format)}
    </Text>
  )
}
