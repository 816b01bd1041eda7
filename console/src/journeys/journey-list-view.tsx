import { Anchor, Button, Stack, Text } from '@mantine/core'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useTexts } from '../texts/use-texts.ts'
import { stepOf, type Way } from './edit-steps.ts'
import { useEditor } from './editor-context.ts'
import classes from './list-view.module.css'
import { EntryCard, OpenStepCard } from './open-card.tsx'
import { type OutlineItem, outlineOf } from './outline.ts'

/** The journey as an ordered list, every step once: the canvas for the keyboard, the screen reader and the phone. */
export const JourneyListView = () => {
  const t = useTexts()
  const { draft } = useEditor()
  const outline = outlineOf(draft)
  const leadsUnseen = draft.steps.some(({ kind }) => kind === 'unread')
  return (
    <Stack gap="md">
      <ol className={classes.list}>
        <li className={classes.item}>
          <div className={classes.row}>
            <span className={classes.number} />
            <div className={classes.card}>
              <EntryCard />
            </div>
          </div>
          {stepOf(draft, draft.start) === undefined ? null : <AddHere way={{ from: null, port: 'start' }} />}
        </li>
        <Items items={outline.items} />
      </ol>
      {outline.unreached.length === 0 ? null : (
        <div>
          <Text fw={550} mb={6} c="var(--mantine-color-error)">
            {t(leadsUnseen ? 'journeys.editor.unreachedHere' : 'journeys.editor.unreached')}
          </Text>
          <ol className={classes.list}>
            {outline.unreached.map((step) => (
              <li key={step.id} className={classes.item}>
                <OpenStepCard step={step} />
              </li>
            ))}
          </ol>
        </div>
      )}
    </Stack>
  )
}

const Items = ({ items }: { readonly items: readonly OutlineItem[] }) => (
  <>
    {items.map((item) => (
      <Item key={keyOf(item)} item={item} />
    ))}
  </>
)

const keyOf = (item: OutlineItem): string => {
  if (item.kind === 'step') return item.step.id
  return item.kind === 'joins' ? `joins ${item.stepId}` : `end ${item.way.from ?? ''} ${item.way.port}`
}

const Item = ({ item }: { readonly item: OutlineItem }) => {
  const t = useTexts()
  const editor = useEditor()
  if (item.kind === 'end') {
    return (
      <li className={classes.quiet}>
        <span>{t('journeys.step.ends')}</span>
        {<AddHere way={item.way} inline />}
      </li>
    )
  }
  if (item.kind === 'joins') {
    const step = stepOf(editor.draft, item.stepId)
    const what = step === undefined ? t('journeys.step.unknown') : editor.words.titleOf(step)
    return (
      <li className={classes.quiet}>
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => editor.select({ kind: 'step', stepId: item.stepId })}
        >
          {t('journeys.step.joins', { number: item.number, what })}
        </Anchor>
      </li>
    )
  }
  const { step, ways } = item
  const goesOn = 'next' in step && stepOf(editor.draft, step.next) !== undefined
  return (
    <li className={classes.item}>
      <div className={classes.row}>
        <span className={classes.number}>{item.number}</span>
        <div className={classes.card}>
          <OpenStepCard step={step} />
        </div>
      </div>
      {goesOn ? <AddHere way={{ from: step.id, port: 'next' }} /> : null}
      {ways.length === 0 ? null : (
        <ul className={classes.ways}>
          {ways.map(({ port, items }) => (
            <li key={port.port}>
              <div className={classes.wayName}>{editor.words.portLabel(port)}</div>
              <ol className={classes.list}>
                {items[0]?.kind === 'step' ? <AddItem way={{ from: step.id, port: port.port }} /> : null}
                <Items items={items} />
              </ol>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

const AddItem = ({ way }: { readonly way: Way }) => {
  const { mayEdit } = useEditor()
  if (!mayEdit) return null
  return (
    <li>
      <AddHere way={way} />
    </li>
  )
}

const AddHere = ({ way, inline = false }: { readonly way: Way; readonly inline?: boolean }) => {
  const t = useTexts()
  const editor = useEditor()
  if (!editor.mayEdit) return null
  const from = stepOf(editor.draft, way.from)
  const what = from === undefined ? t('journeys.kinds.entry') : editor.words.titleOf(from)
  return (
    <div className={inline ? undefined : classes.quiet}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        leftSection={<IconPlus size={12} aria-hidden />}
        aria-label={t('journeys.step.addAfter', { what })}
        onClick={() => editor.select({ kind: 'add', way })}
      >
        {t('journeys.step.addTitle')}
      </Button>
    </div>
  )
}
