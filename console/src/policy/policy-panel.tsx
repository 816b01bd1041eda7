import { Button, Group, Stack, Text } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Panel } from '../ui/panel.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import type { useSavePolicy } from './save-policy.ts'

interface PolicyPanelFrameProps {
  readonly title: string
  readonly lead: string
  readonly mayWrite: boolean
  readonly isDirty: boolean
  readonly save: ReturnType<typeof useSavePolicy>
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
  readonly children: ReactNode
}

/** A part of the policy with its own save button. */
export const PolicyPanelFrame = (props: PolicyPanelFrameProps) => {
  const t = useTexts()
  useUnsaved(props.isDirty)
  return (
    <Panel title={props.title}>
      <form onSubmit={props.onSubmit}>
        <fieldset disabled={!props.mayWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
          <Stack gap="sm">
            <Text c="dimmed">{props.lead}</Text>
            {props.save.error === null ? null : <ErrorPanel error={props.save.error} />}
            {props.children}
            {props.mayWrite ? (
              <Group justify="flex-end">
                <Button type="submit" disabled={!props.isDirty} loading={props.save.isPending}>
                  {t('settings.save')}
                </Button>
              </Group>
            ) : null}
          </Stack>
        </fieldset>
      </form>
    </Panel>
  )
}
