import { useMemo } from 'react'
import { useTexts } from '../../texts/use-texts.ts'
import { unfinished } from '../new-condition.ts'
import type { DraftGroup } from '../rule-draft.ts'
import { useEventCatalogue } from '../use-event-catalogue.ts'
import { useSegmentChoices } from '../use-segment-names.ts'
import { BuilderContext, type BuilderSurroundings } from './builder-context.ts'
import { GroupEditor } from './group-editor.tsx'

export interface RuleBuilderProps {
  readonly draft: DraftGroup
  readonly onChange: (draft: DraftGroup) => void
  /** People for whom each node holds by itself, by the node's id. */
  readonly counts?: ReadonlyMap<string, number>
  /** The counts are of an earlier draft, new ones are on their way. */
  readonly stale?: boolean
  /** The segment being edited: it can't ask for itself. */
  readonly ownSegmentId?: string
}

const noCounts: ReadonlyMap<string, number> = new Map()

/** A rule of the whole language as nested groups of conditions; used by segments and by journeys' branches. */
export const RuleBuilder = ({ draft, onChange, counts = noCounts, stale = false, ownSegmentId }: RuleBuilderProps) => {
  const t = useTexts()
  const suggestions = useEventCatalogue()
  const all = useSegmentChoices()
  const surroundings = useMemo(
    (): BuilderSurroundings => ({
      root: draft,
      change: onChange,
      counts,
      stale,
      unfinished: new Set(unfinished(draft)),
      suggestions,
      segments: all.filter(({ segmentId }) => segmentId !== ownSegmentId),
    }),
    [draft, onChange, counts, stale, suggestions, all, ownSegmentId],
  )
  return (
    <BuilderContext value={surroundings}>
      <fieldset style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }} aria-label={t('segments.builder.label')}>
        <GroupEditor group={draft} name={t('segments.builder.label')} isRoot />
      </fieldset>
    </BuilderContext>
  )
}
