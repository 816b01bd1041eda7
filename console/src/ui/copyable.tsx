import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import { useTexts } from '../texts/use-texts.ts'

export interface CopyableProps {
  readonly value: string
  /** What is shown in place of the value, for example a short id. */
  readonly label?: string
  /** What it is, for screen readers: "Copy the write key". */
  readonly what?: string
  readonly iconOnly?: boolean
}

export const Copyable = ({ value, label, what, iconOnly = false }: CopyableProps) => {
  const t = useTexts()
  const name = what === undefined ? t('ui.copy') : t('ui.copyThis', { what })
  return (
    <Group gap={4} wrap="nowrap" component="span" display="inline-flex" miw={0} maw="100%">
      {iconOnly ? null : (
        <Code title={value} style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
          {label ?? value}
        </Code>
      )}
      <CopyButton value={value} timeout={1_500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('ui.copied') : name}>
            <ActionIcon
              variant="subtle"
              color={copied ? 'teal' : 'gray'}
              size="sm"
              onClick={copy}
              aria-label={copied ? t('ui.copied') : name}
            >
              {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}
