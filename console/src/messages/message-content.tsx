import type { MessageDetail } from '@baton/contract'
import { Code, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { withQuery } from '../api/api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'
import { useTexts } from '../texts/use-texts.ts'
import { MailFrame } from '../ui/mail-frame.tsx'
import { Panel } from '../ui/panel.tsx'

/** What it said: as its reader sees it, at two widths, its text, or its HTML as it was rendered. */
export const MessageContent = ({ message }: { readonly message: MessageDetail }) => {
  const t = useTexts()
  const workspace = useChosenWorkspaceId()
  const [view, setView] = useState('wide')
  const isRendered = message.html !== null && message.html !== ''
  const source = view === 'text' ? message.text : view === 'raw' ? message.html : null
  const isFrame = view === 'wide' || view === 'phone'
  return (
    <Panel
      title={t('messages.page.content')}
      aside={
        isRendered ? (
          <SegmentedControl
            size="xs"
            aria-label={t('messages.page.contentView')}
            value={view}
            onChange={setView}
            data={[
              { value: 'wide', label: t('messages.page.wide') },
              { value: 'phone', label: t('messages.page.phone') },
              { value: 'text', label: t('messages.page.text') },
              { value: 'raw', label: t('messages.page.raw') },
            ]}
          />
        ) : null
      }
    >
      {isRendered ? null : <Text c="dimmed">{t('messages.page.notRendered')}</Text>}
      {isRendered && view === 'raw' ? (
        <Text size="xs" c="dimmed" mb="xs">
          {t('messages.page.rawHint')}
        </Text>
      ) : null}
      {isRendered && !isFrame ? (
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {source ?? ''}
        </Code>
      ) : null}
      {isRendered && isFrame ? (
        <MailFrame
          src={withQuery(`/v1/messages/${message.messageId}/html`, { workspace })}
          title={t('messages.page.frame')}
          width={view === 'phone' ? 'phone' : 'wide'}
        />
      ) : null}
    </Panel>
  )
}
