import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'

export interface ConfirmModalProps {
  readonly opened: boolean
  readonly onClose: () => void
  /** The question. */
  readonly title: string
  /** What will happen, with counts. */
  readonly children: ReactNode
  /** The button's verb: "Erase her", never "OK". */
  readonly confirm: string
  readonly onConfirm: () => void
  readonly danger?: boolean
  readonly busy?: boolean
  /** A word to type first, for what cannot be undone. */
  readonly typeToConfirm?: string
}

export const ConfirmModal = (props: ConfirmModalProps) => {
  const t = useTexts()
  const [typed, setTyped] = useState('')
  const ready = props.typeToConfirm === undefined || typed === props.typeToConfirm
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <Stack gap="md">
        {typeof props.children === 'string' ? <Text>{props.children}</Text> : props.children}
        {props.typeToConfirm === undefined ? null : (
          <TextInput
            label={t('ui.typeToConfirm', { word: props.typeToConfirm })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('ui.cancel')}
          </Button>
          <Button
            {...(props.danger === true ? { color: 'red.8' } : {})}
            disabled={!ready}
            loading={props.busy ?? false}
            onClick={props.onConfirm}
          >
            {props.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
