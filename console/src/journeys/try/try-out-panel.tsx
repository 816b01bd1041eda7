import { Button, JsonInput, NativeSelect, Stack, Switch, Text, TextInput } from '@mantine/core'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import { useState } from 'react'
import { useHere } from '../../app/session-context.ts'
import { PersonPicker } from '../../content/person-picker.tsx'
import { useTexts } from '../../texts/use-texts.ts'
import { useEditor } from '../editor-context.ts'
import { UnsavedOrError } from '../unsaved-or-error.tsx'
import { LaterEvents } from './later-events.tsx'
import { TriedOut } from './tried-out.tsx'
import { readTryOut } from './try-out-form.ts'

/** One person walked through the journey: who, from when, what she does later, and her way as a table. */
export const TryOutPanel = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { draft, tryOut, versions } = useEditor()
  const { form, change } = tryOut
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set())
  const walk = () => {
    const reading = readTryOut(form, draft, workspace.timeZone)
    setWrong(reading.kind === 'wrong' ? reading.at : new Set())
    if (reading.kind === 'ready') tryOut.walk(reading.request)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        walk()
      }}
    >
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          {t('journeys.try.lead')}
        </Text>
        {versions.length === 0 ? null : (
          <NativeSelect
            label={t('journeys.try.version')}
            value={form.version}
            onChange={(event) => change({ version: event.currentTarget.value })}
            data={[
              { value: '', label: t('journeys.try.draft') },
              ...versions.map((version) => ({
                value: String(version),
                label: t('journeys.editor.version', { version }),
              })),
            ]}
          />
        )}
        <div>
          <Text size="sm" fw={500} mb={2} aria-hidden>
            {t('journeys.try.person')}
          </Text>
          <PersonPicker
            label={t('journeys.try.person')}
            placeholder={t('journeys.try.made')}
            value={form.personId}
            onChange={(personId) => change({ personId })}
          />
        </div>
        {form.personId === null ? (
          <>
            <TextInput
              label={t('journeys.try.email')}
              value={form.email}
              maxLength={200}
              onChange={(event) => change({ email: event.currentTarget.value })}
            />
            <Switch
              label={t('journeys.try.agreed', { purpose: t(`journeys.purposes.${draft.purpose}`).toLowerCase() })}
              checked={form.agreed}
              onChange={(event) => change({ agreed: event.currentTarget.checked })}
            />
          </>
        ) : null}
        <TextInput
          type="datetime-local"
          step="0.001"
          label={t('journeys.try.startAt')}
          description={t('journeys.try.startAtHint', { zone: workspace.timeZone })}
          value={form.startAt}
          error={wrong.has('startAt') ? t('journeys.try.noTime') : undefined}
          onChange={(event) => change({ startAt: event.currentTarget.value })}
        />
        {draft.entry.kind === 'event' ? (
          <JsonInput
            label={t('journeys.try.entry', { event: draft.entry.event })}
            value={form.entry}
            onChange={(entry) => change({ entry })}
            error={wrong.has('entry') ? t('journeys.try.noObject') : undefined}
            autosize
            minRows={2}
            maxRows={10}
            spellCheck={false}
          />
        ) : null}
        <LaterEvents wrong={wrong} />
        <Button
          type="submit"
          loading={tryOut.isWalking}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
        >
          {t('journeys.try.walk')}
        </Button>
        {tryOut.error === null ? null : (
          <UnsavedOrError error={tryOut.error} unsaved={t('journeys.try.unsaved')} onRetry={walk} />
        )}
        {tryOut.answer === null ? null : <TriedOut answer={tryOut.answer} />}
      </Stack>
    </form>
  )
}
