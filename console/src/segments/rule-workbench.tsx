import { Box, Grid, Text } from '@mantine/core'
import { useMemo } from 'react'
import { Panel } from '../ui/panel.tsx'
import { countableRule } from './new-condition.ts'
import { PreviewPanel } from './preview-panel.tsx'
import { RuleBuilder } from './rule-builder/rule-builder.tsx'
import type { DraftGroup } from './rule-draft.ts'
import { ruleSentence } from './rule-sentence.ts'
import { useRulePreview } from './use-rule-preview.ts'
import { useSentenceWords } from './use-segment-names.ts'

interface RuleWorkbenchProps {
  readonly draft: DraftGroup
  readonly onChange: (draft: DraftGroup) => void
  readonly segmentId?: string
  readonly children?: React.ReactNode
}

/** The builder with its sentence at the left, who it means at the right. */
export const RuleWorkbench = ({ draft, onChange, segmentId, children }: RuleWorkbenchProps) => {
  const live = useRulePreview(draft, segmentId)
  const words = useSentenceWords()
  const sentence = useMemo(() => {
    const placed = countableRule(draft)
    return ruleSentence(placed?.rule ?? { kind: 'and', of: [] }, words)
  }, [draft, words])
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8.4 }}>
        <Panel>
          {children}
          <RuleBuilder
            draft={draft}
            onChange={onChange}
            counts={live.counts}
            stale={live.isCounting}
            {...(segmentId === undefined ? {} : { ownSegmentId: segmentId })}
          />
          <Text mt="md" pt="sm" c="dimmed" style={{ borderTop: '1px solid var(--baton-line)' }}>
            {sentence}
          </Text>
        </Panel>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 3.6 }}>
        <Box pos={{ base: 'static', md: 'sticky' }} top={16}>
          <PreviewPanel live={live} />
        </Box>
      </Grid.Col>
    </Grid>
  )
}
