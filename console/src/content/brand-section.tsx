import { type BrandKit, type BrandKitChange, brandKit } from '@baton/contract'
import { Button, ColorInput, Group, Paper, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { mayForAll } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { changedFields } from '../ui/changed-fields.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Panel } from '../ui/panel.tsx'
import { useFormBase } from '../ui/use-form-base.ts'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { SectionLead } from '../workspaces/settings/section-lead.tsx'

const BrandSection = () => {
  const t = useTexts()
  const { data, error, refetch } = useApi('/v1/brand-kit', brandKit)
  const failed = error === null ? null : <ErrorPanel error={error} onRetry={() => void refetch()} />
  if (data === undefined) return failed ?? <PagePending />
  return (
    <>
      <SectionLead>{t('settings.brand.lead')}</SectionLead>
      <Stack maw={1000}>
        {failed}
        <BrandForm kit={data} />
      </Stack>
    </>
  )
}

export default BrandSection

const isAddress = (typed: string): boolean => typed === '' || /^https?:\/\/\S+\.\S+/.test(typed)

const valuesOf = (kit: BrandKit) => ({ ...kit, website: kit.website ?? '', logoUrl: kit.logoUrl ?? '' })
type Values = ReturnType<typeof valuesOf>

const addressOf = (typed: string): string | null => (typed === '' ? null : typed)

/** Only what was changed: the rest may have been changed by somebody else. */
const changeOf = (values: Values, before: Values): BrandKitChange => {
  const { website, logoUrl, ...others } = changedFields(values, before)
  return {
    ...others,
    ...(website === undefined ? {} : { website: addressOf(website) }),
    ...(logoUrl === undefined ? {} : { logoUrl: addressOf(logoUrl) }),
  }
}

const BrandForm = ({ kit }: { readonly kit: BrandKit }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const mayWrite = mayForAll(workspace, 'content:write')
  const form = useForm({
    initialValues: valuesOf(kit),
    validate: {
      color: (value) => (brandKit.shape.color.safeParse(value).success ? null : t('settings.brand.colorWrong')),
      website: (value) => (isAddress(value) ? null : t('settings.brand.urlWrong')),
      logoUrl: (value) => (isAddress(value) ? null : t('settings.brand.urlWrong')),
    },
  })
  const save = useAction({
    run: ({ values, base }: { values: Values; base: BrandKit }) =>
      api.put('/v1/brand-kit', changeOf(values, valuesOf(base)), brandKit),
    refreshes: ['/v1/brand-kit', '/v1/templates'],
    answers: '/v1/brand-kit',
    done: t('settings.saved'),
    quiet: true,
    onDone: (saved, { values }) => edit.saved(saved, values),
  })
  const edit = useFormBase({ form, newest: kit, valuesOf, isSaving: save.isPending, whenEdited: 'merge' })
  useUnsaved(form.isDirty())
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Panel>
        <form onSubmit={form.onSubmit((values) => save.mutate({ values, base: edit.base }))}>
          <Stack gap="sm">
            {save.error === null ? null : <ErrorPanel error={save.error} />}
            <TextInput label={t('settings.brand.name')} required readOnly={!mayWrite} {...form.getInputProps('name')} />
            <ColorInput
              label={t('settings.brand.color')}
              format="hex"
              withEyeDropper={false}
              readOnly={!mayWrite}
              popoverProps={{ withinPortal: false }}
              {...form.getInputProps('color')}
            />
            <Textarea
              label={t('settings.brand.address')}
              description={t('settings.brand.addressHint')}
              autosize
              minRows={2}
              maxLength={500}
              readOnly={!mayWrite}
              {...form.getInputProps('address')}
            />
            <TextInput label={t('settings.brand.website')} readOnly={!mayWrite} {...form.getInputProps('website')} />
            <TextInput label={t('settings.brand.logo')} readOnly={!mayWrite} {...form.getInputProps('logoUrl')} />
            {mayWrite ? (
              <Group justify="flex-end">
                <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
                  {t('settings.save')}
                </Button>
              </Group>
            ) : (
              <Text c="dimmed">{t('settings.mayNot')}</Text>
            )}
          </Stack>
        </form>
      </Panel>
      <Panel title={t('settings.brand.sample')}>
        <BrandSample name={form.values.name} color={form.values.color} address={form.values.address} />
      </Panel>
    </SimpleGrid>
  )
}

type Sample = Pick<BrandKit, 'name' | 'color' | 'address'>

/** As the default templates use it; on white, as a mail is. */
const BrandSample = ({ name, color, address }: Sample) => {
  const t = useTexts()
  const known = brandKit.shape.color.safeParse(color).success ? color : '#1f6feb'
  return (
    <Paper p="lg" bg="#ffffff" aria-hidden>
      <Text fz={20} fw={700} c={known}>
        {name}
      </Text>
      <Button mt="md" color={known} component="span">
        {t('settings.brand.sampleButton')}
      </Button>
      <Text mt="lg" size="xs" c="#5f6b7a" style={{ whiteSpace: 'pre-line' }}>
        {address}
      </Text>
    </Paper>
  )
}
