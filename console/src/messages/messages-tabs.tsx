import { useTexts } from '../texts/use-texts.ts'
import { PageTabs } from '../ui/page-tabs.tsx'

/** Messages, and what they say. */
export const MessagesTabs = ({ at }: { readonly at: 'messages' | 'templates' }) => {
  const t = useTexts()
  return (
    <PageTabs
      label={t('messages.views')}
      tabs={[
        { to: '/messages', label: t('messages.title'), active: at === 'messages' },
        { to: '/messages/templates', label: t('messages.templates'), active: at === 'templates' },
      ]}
    />
  )
}
