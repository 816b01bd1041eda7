import type { PropertyFilter } from '@baton/contract'
import { Group, Input } from '@mantine/core'
import { WhereEditor } from '../../segments/rule-builder/where-editor.tsx'

interface FiltersFieldProps {
  readonly label: string
  readonly where: readonly PropertyFilter[]
  readonly onChange: (where: PropertyFilter[]) => void
  readonly properties: readonly string[]
  readonly error?: string | undefined
}

/** Filters on an event's properties as a field of a form. */
export const FiltersField = ({ label, where, onChange, properties, error }: FiltersFieldProps) => (
  <Input.Wrapper label={label} labelElement="div" error={error}>
    <Group gap={6} align="center">
      <WhereEditor where={where} onChange={onChange} properties={properties} />
    </Group>
  </Input.Wrapper>
)
