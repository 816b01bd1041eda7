import { segment } from '@baton/contract'
import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { unfinished } from './new-condition.ts'
import { type DraftGroup, newGroup, toDraft, toRule } from './rule-draft.ts'
import { RuleWorkbench } from './rule-workbench.tsx'
import { starters } from './starters.ts'

export const NewSegmentPage = () => {
  const t = useTexts()
  const navigate = useNavigate()
  const start = useSearch({ strict: false, select: (search: Readonly<Record<string, unknown>>) => search.start })
  const begun = starters.find(({ key }) => key === start)
  const [draft, setDraft] = useState<DraftGroup>(() => (begun === undefined ? newGroup() : toDraft(begun.rule)))
  const [original] = useState(draft)
  const isReady = unfinished(draft).length === 0
  const form = useForm({
    initialValues: { name: begun === undefined ? '' : t(begun.title), description: '' },
    validate: { name: (name) => (name.trim() === '' ? t('segments.nameMissing') : null) },
  })
  useUnsaved(draft !== original || form.isDirty())
  const save = useAction({
    run: (values: typeof form.values) =>
      api.post('/v1/segments', { ...values, name: values.name.trim(), rule: toRule(draft).rule }, segment),
    refreshes: ['/v1/segments'],
    quiet: true,
    onDone: ({ segmentId }) =>
      void navigate({ to: '/segments/$segmentId', params: { segmentId }, ignoreBlocker: true }),
  })
  const begin = (key: string) => {
    const starter = starters.find((each) => each.key === key)
    if (starter === undefined) return
    setDraft(toDraft(starter.rule))
    if (form.values.name === '') form.setFieldValue('name', t(starter.title))
  }
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <PageHeader
        title={t('segments.newTitle')}
        lead={t('segments.newLead')}
        back={{ to: '/segments', label: t('segments.back') }}
        actions={
          <Button type="submit" loading={save.isPending} disabled={!isReady}>
            {t('segments.save')}
          </Button>
        }
      />
      <Stack>
        {save.error === null ? null : <ErrorPanel error={save.error} />}
        <Group align="flex-start" grow preventGrowOverflow={false} gap="sm">
          <TextInput
            label={t('segments.name')}
            placeholder={t('segments.namePlaceholder')}
            required
            maxLength={120}
            miw={220}
            {...form.getInputProps('name')}
          />
          <Textarea
            label={t('segments.description')}
            placeholder={t('segments.descriptionPlaceholder')}
            autosize
            rows={1}
            minRows={1}
            maxRows={4}
            miw={220}
            {...form.getInputProps('description')}
          />
        </Group>
        <RuleWorkbench draft={draft} onChange={setDraft}>
          {draft.parts.length === 0 ? <Starters onChoose={begin} /> : null}
        </RuleWorkbench>
        {isReady || draft.parts.length === 0 ? null : <Text c="dimmed">{t('segments.mendFirst')}</Text>}
      </Stack>
    </form>
  )
}

const Starters = ({ onChoose }: { readonly onChoose: (key: string) => void }) => {
  const t = useTexts()
  return (
    <Group gap={6} mb="sm">
      <Text span c="dimmed" size="xs">
        {t('segments.starters.title')}
      </Text>
      {starters.map(({ key, title }) => (
        <Button key={key} variant="default" size="compact-sm" onClick={() => onChoose(key)}>
          {t(title)}
        </Button>
      ))}
    </Group>
  )
}
