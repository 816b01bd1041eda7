import { Tooltip, UnstyledButton } from '@mantine/core'
import IconFlag from '@tabler/icons-react/dist/esm/icons/IconFlag.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { useTexts } from '../../texts/use-texts.ts'
import { stepOf, type Way } from '../edit-steps.ts'
import { useEditor } from '../editor-context.ts'
import { boxHeight, boxWidth, countedBoxHeight } from '../layout-journey.ts'
import { EntryCard, OpenStepCard } from '../open-card.tsx'
import classes from './canvas.module.css'

export type JourneyNode = Node<{ readonly way: Way | null }>

const plain = { width: boxWidth, height: boxHeight }
const counted = { width: boxWidth, height: countedBoxHeight }

const EntryBox = () => (
  <div className="nopan" style={plain}>
    <EntryCard />
    <Handle type="source" position={Position.Bottom} isConnectable={false} />
  </div>
)

const StepBox = ({ id }: NodeProps<JourneyNode>) => {
  const { draft, counts } = useEditor()
  const step = stepOf(draft, id)
  if (step === undefined) return null
  return (
    <div className="nopan" style={counts.has(id) ? counted : plain}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <OpenStepCard step={step} />
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  )
}

/** Where a way ends: the place to add the next step. */
const EndBox = ({ data }: NodeProps<JourneyNode>) => {
  const t = useTexts()
  const editor = useEditor()
  const { way } = data
  const isAdding =
    way !== null &&
    editor.selection?.kind === 'add' &&
    editor.selection.way.from === way.from &&
    editor.selection.way.port === way.port
  return (
    <div className="nopan">
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {way === null || !editor.mayEdit ? (
        <span className={classes.flag} title={t('journeys.step.ends')}>
          <IconFlag size={15} aria-hidden />
        </span>
      ) : (
        <Tooltip label={t('journeys.step.addHere')}>
          <UnstyledButton
            className={`${classes.plus} ${classes.end}`}
            data-selected={isAdding || undefined}
            aria-label={`${t('journeys.step.ends')}. ${t('journeys.step.addHere')}`}
            onClick={() => editor.select({ kind: 'add', way })}
          >
            <IconPlus size={15} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      )}
    </div>
  )
}

export const boxTypes = { entry: EntryBox, step: StepBox, end: EndBox }
