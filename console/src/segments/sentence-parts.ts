import type { PropertyFilter } from '@baton/contract'
import type { Texts } from '../texts/use-texts.ts'

export interface SentenceWords {
  readonly t: Texts
  readonly durationText: (ms: number) => string
  /** Name of a segment by its id. */
  readonly segmentName: (segmentId: string) => string
}

/** What a sentence about events says of their properties and of the window. */
export const around = (
  {
    where,
    window,
  }: { readonly where?: readonly PropertyFilter[]; readonly window?: { readonly lastMs: number } | undefined },
  { t, durationText }: SentenceWords,
) => ({
  where:
    where === undefined || where.length === 0
      ? ''
      : t('segments.sentence.where', {
          filters: where.map((each) => filterSentence(each, t)).join(t('segments.sentence.and')),
        }),
  window: window === undefined ? '' : t('segments.sentence.window', { duration: durationText(window.lastMs) }),
})

const shown = (value: unknown): string => (typeof value === 'string' ? `“${value}”` : String(value))

export const filterSentence = ({ path, is, value, values }: PropertyFilter, t: Texts): string => {
  const said = t(`segments.compare.${is}`)
  if (is === 'exists' || is === 'not-exists') return t('segments.sentence.filterAlone', { path, is: said })
  const given = is === 'in' ? (values ?? []).map(shown).join(', ') : shown(value)
  return t('segments.sentence.filter', { path, is: said, value: given })
}
