import { type MessagePurpose, messagePurpose } from '@baton/contract'
import { Checkbox, Group } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'

interface PurposeChoiceProps {
  readonly label: string
  readonly value: readonly MessagePurpose[]
  readonly onChange: (purposes: MessagePurpose[]) => void
}

/** Which purposes a rule is for. */
export const PurposeChoice = ({ label, value, onChange }: PurposeChoiceProps) => {
  const t = useTexts()
  return (
    <Checkbox.Group
      label={label}
      value={[...value]}
      onChange={(chosen) => onChange(messagePurpose.options.filter((each) => chosen.includes(each)))}
    >
      <Group gap="md" mt={4}>
        {messagePurpose.options.map((purpose) => (
          <Checkbox key={purpose} value={purpose} label={t(`journeys.purposes.${purpose}`)} />
        ))}
      </Group>
    </Checkbox.Group>
  )
}
