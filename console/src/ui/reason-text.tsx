import { Text, type TextProps } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'

export interface ReasonTextProps extends TextProps {
  /** A code of the closed list of reasons, such as `quiet-hours`; null shows nothing. */
  readonly reason: string | null
}

/** Why something was held, dropped or left, in words (`texts/en/reasons.ts`); the code on hover. */
export const ReasonText = ({ reason, ...text }: ReasonTextProps) => {
  const t = useTexts()
  if (reason === null) return null
  return (
    <Text span inherit title={reason} {...text}>
      {t.code('reasons', reason)}
    </Text>
  )
}
