import { ActionIcon, Button, Fieldset, Group, JsonInput, Stack, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import { EventInput } from '../../segments/rule-builder/event-fields.tsx'
import { useEventCatalogue } from '../../segments/use-event-catalogue.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { useEditor } from '../editor-context.ts'
import { viewOf } from '../steps/list.ts'
import type { LaterEvent } from './try-out-form.ts'

/** What she does after she entered, each with the time that has passed by then. */
export const LaterEvents = ({ wrong }: { readonly wrong: ReadonlySet<string> }) => {
  const t = useTexts()
  const suggestions = useEventCatalogue()
  const { draft, tryOut } = useEditor()
  const { later, entry } = tryOut.form
  const changeOne = (id: number, part: Partial<LaterEvent>) =>
    tryOut.change({ later: later.map((each) => (each.id === id ? { ...each, ...part } : each)) })
  const [awaited] = draft.steps.flatMap((step) => viewOf(step.kind).listensFor?.(step) ?? [])
  const add = () => {
    const id = 1 + Math.max(0, ...later.map((each) => each.id))
    const name = awaited ?? draft.goal?.event ?? ''
    tryOut.change({ later: [...later, { id, name, after: '59:59.999', properties: entry }] })
  }
  return (
    <Stack gap="xs">
      {later.map((each, index) => (
        <Fieldset key={each.id} legend={t('journeys.try.later', { number: index + 1 })} p="xs">
          <Stack gap={6}>
            <EventInput
              visibleLabel
              label={t('journeys.form.event')}
              value={each.name}
              onChange={(name) => changeOne(each.id, { name })}
              suggestions={suggestions}
              error={wrong.has(`later.${each.id}.name`) ? t('journeys.summary.noEvent') : undefined}
            />
            <TextInput
              label={t('journeys.try.after')}
              description={t('journeys.try.afterHint')}
              value={each.after}
              onChange={(event) => changeOne(each.id, { after: event.currentTarget.value })}
              error={wrong.has(`later.${each.id}.after`) ? t('journeys.try.noElapsed') : undefined}
            />
            <Group gap={6} wrap="nowrap" align="flex-end">
              <JsonInput
                label={t('journeys.try.properties')}
                value={each.properties}
                onChange={(properties) => changeOne(each.id, { properties })}
                error={wrong.has(`later.${each.id}.properties`) ? t('journeys.try.noObject') : undefined}
                autosize
                minRows={2}
                maxRows={8}
                spellCheck={false}
                flex={1}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('journeys.try.removeLater', { number: index + 1 })}
                onClick={() => tryOut.change({ later: later.filter(({ id }) => id !== each.id) })}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          </Stack>
        </Fieldset>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={add}
        disabled={later.length >= 50}
        style={{ alignSelf: 'flex-start' }}
      >
        {t('journeys.try.addLater')}
      </Button>
    </Stack>
  )
}
