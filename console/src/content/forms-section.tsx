import { type HostedForm, hostedForm } from '@baton/contract'
import { Anchor, Badge, Button, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useApiPages } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { Copyable } from '../ui/copyable.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { CommandLine } from '../ui/empty-state.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Panel } from '../ui/panel.tsx'
import { SectionLead } from '../workspaces/settings/section-lead.tsx'

const FormsSection = () => {
  const t = useTexts()
  const forms = useApiPages('/v1/forms', hostedForm)
  return (
    <>
      <SectionLead>{t('settings.forms.lead')}</SectionLead>
      {forms.error === null ? null : <ErrorPanel error={forms.error} onRetry={() => void forms.refetch()} />}
      {forms.isLoading ? <PagePending /> : null}
      {forms.items?.length === 0 ? <EmptyLine>{t('settings.forms.empty')}</EmptyLine> : null}
      <Stack maw={720}>
        {forms.items?.map((form) => (
          <FormCard key={form.slug} form={form} />
        ))}
      </Stack>
    </>
  )
}

export default FormsSection

const embedCode = ({ url, title }: HostedForm): string =>
  `<iframe src="${url}" width="100%" height="640" name="${title.replaceAll('"', '&quot;')}"></iframe>`

const FormCard = ({ form }: { readonly form: HostedForm }) => {
  const t = useTexts()
  return (
    <Panel
      title={form.title}
      aside={<Badge color="gray">{t('settings.forms.answers', { count: form.answers })}</Badge>}
    >
      <Stack gap="sm">
        <Text c="dimmed">{form.intro}</Text>
        <Copyable value={form.url} what={t('settings.forms.address')} />
        <Button
          variant="default"
          component="a"
          href={form.url}
          target="_blank"
          rel="noopener noreferrer"
          style={{ alignSelf: 'flex-start' }}
        >
          {t('settings.forms.open')}
        </Button>
        <div>
          <Text c="dimmed" mb={4}>
            {t('settings.forms.embedLead')}
          </Text>
          <CommandLine command={embedCode(form)} />
        </div>
        <Text c="dimmed">
          {t('settings.forms.consent')}: “{form.consentWording}”{' '}
          <Anchor
            inherit
            td="underline"
            renderRoot={(props) => <Link to="/settings/$section" params={{ section: 'policy' }} {...props} />}
          >
            {t('settings.forms.editConsent')}
          </Anchor>
        </Text>
      </Stack>
    </Panel>
  )
}
