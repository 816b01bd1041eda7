import { useParams } from '@tanstack/react-router'
import { type ComponentType, lazy, Suspense } from 'react'
import { NotFoundPage } from '../app/not-found-page.tsx'
import { PagePending } from '../app/page-pending.tsx'
import { type TextKey, useTexts } from '../texts/use-texts.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { PageTabs } from '../ui/page-tabs.tsx'

interface Section {
  readonly key: string
  readonly label: TextKey
  readonly Body: ComponentType
}

/** One line a section: its address under /settings, its words, its file (loaded when first opened). */
const sections: readonly Section[] = [
  {
    key: 'workspace',
    label: 'settings.sections.workspace',
    Body: lazy(() => import('./settings/workspace-section.tsx')),
  },
  { key: 'members', label: 'settings.sections.members', Body: lazy(() => import('./settings/members-section.tsx')) },
  { key: 'keys', label: 'settings.sections.keys', Body: lazy(() => import('./settings/keys-section.tsx')) },
  { key: 'policy', label: 'settings.sections.policy', Body: lazy(() => import('../policy/policy-section.tsx')) },
  { key: 'email', label: 'settings.sections.email', Body: lazy(() => import('../channels/email-section.tsx')) },
  { key: 'brand', label: 'settings.sections.brand', Body: lazy(() => import('../content/brand-section.tsx')) },
  { key: 'forms', label: 'settings.sections.forms', Body: lazy(() => import('../content/forms-section.tsx')) },
  { key: 'account', label: 'settings.sections.account', Body: lazy(() => import('./settings/account-section.tsx')) },
  { key: 'trash', label: 'settings.sections.trash', Body: lazy(() => import('./settings/trash-section.tsx')) },
  {
    key: 'erasures',
    label: 'settings.sections.erasures',
    Body: lazy(() => import('../people/erasures-section.tsx')),
  },
  { key: 'audit', label: 'settings.sections.audit', Body: lazy(() => import('./settings/audit-section.tsx')) },
]

export const SettingsPage = () => {
  const t = useTexts()
  const params: { readonly section?: string } = useParams({ strict: false })
  const wanted = params.section ?? 'workspace'
  const section = sections.find(({ key }) => key === wanted)
  if (section === undefined) return <NotFoundPage />
  return (
    <>
      <PageHeader title={t('settings.title')} />
      <PageTabs
        label={t('settings.sectionsLabel')}
        tabs={sections.map(({ key, label }) => ({
          to: `/settings/${key}`,
          label: t(label),
          active: key === section.key,
        }))}
      />
      <Suspense fallback={<PagePending />}>
        <section.Body />
      </Suspense>
    </>
  )
}
