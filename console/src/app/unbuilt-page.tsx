import type { TextKey } from '../texts/use-texts.ts'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'

/** Holds a page's place and says so; replace every use of it by the page. */
export const UnbuiltPage = ({ title }: { readonly title: TextKey }) => {
  const t = useTexts()
  return (
    <>
      <PageHeader title={t(title)} />
      <EmptyState title={t('shell.unbuilt.title')} lead={t('shell.unbuilt.lead')} />
    </>
  )
}
