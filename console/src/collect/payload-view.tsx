import { Code, Table, Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'

export interface PayloadLine {
  readonly path: string
  readonly value: string
}

const write = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** `{ a: { b: 1 }, c: [] }` as `a.b 1`, `c []`: one line a value. */
export const payloadLines = (value: unknown, path = ''): readonly PayloadLine[] => {
  if (typeof value !== 'object' || value === null) return [{ path, value: write(value) }]
  const entries = Object.entries(value)
  if (entries.length === 0) return [{ path, value: Array.isArray(value) ? '[]' : '{}' }]
  return entries.flatMap(([key, inner]) => payloadLines(inner, path === '' ? key : `${path}.${key}`))
}

export const PrettyPayload = ({ value, label }: { readonly value: unknown; readonly label?: string }) => {
  const t = useTexts()
  return (
    <Table
      withRowBorders={false}
      verticalSpacing={2}
      horizontalSpacing={0}
      fz="xs"
      aria-label={label ?? t('live.payload')}
    >
      <Table.Tbody>
        {payloadLines(value).map((line) => (
          <Table.Tr key={line.path}>
            <Table.Th
              scope="row"
              w="1%"
              pe="lg"
              fw={450}
              c="dimmed"
              style={{ whiteSpace: 'nowrap', verticalAlign: 'top' }}
            >
              {line.path}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Text span inherit ff="monospace">
                {line.value}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

export const RawPayload = ({ value }: { readonly value: unknown }) => (
  <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
    {JSON.stringify(value, null, 2)}
  </Code>
)
