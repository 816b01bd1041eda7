import { UnstyledButton } from '@mantine/core'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { useTexts } from '../../texts/use-texts.ts'
import { portsOf, stepOf, targetOf, type Way } from '../edit-steps.ts'
import { useEditor } from '../editor-context.ts'
import classes from './canvas.module.css'

export type WayEdge = Edge<{ readonly way: Way }>

/** A way from box to box: its name where the step has several, and the place to put a step in between. */
const WayLine = (props: EdgeProps<WayEdge>) => {
  const t = useTexts()
  const editor = useEditor()
  const [path, labelX, labelY] = getSmoothStepPath({ ...props, borderRadius: 10 })
  const way = props.data?.way
  if (way === undefined) return <BaseEdge path={path} />
  const ports = way.from === null ? [] : portsOfId(editor, way.from)
  const port = ports.find((each) => each.port === way.port)
  const leadsOn = targetOf(editor.draft, way) !== null
  const label = ports.length > 1 && port !== undefined ? editor.words.portLabel(port) : null
  // Where a step splits, the name stands near the box it leads to, so that the names of two ways do not meet.
  const x = label === null ? labelX : props.targetX
  const y = label === null ? labelY : props.targetY - 30
  return (
    <>
      <BaseEdge path={path} />
      <EdgeLabelRenderer>
        <div
          className={`${classes.way} nopan`}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          {label === null ? null : <span className={classes.wayLabel}>{label}</span>}
          {leadsOn && editor.mayEdit ? (
            <UnstyledButton
              className={classes.plus ?? ''}
              aria-label={t('journeys.step.addHere')}
              onClick={() => editor.select({ kind: 'add', way })}
            >
              <IconPlus size={13} aria-hidden />
            </UnstyledButton>
          ) : null}
        </div>
      </EdgeLabelRenderer>
    </>
  )
}

const portsOfId = (editor: ReturnType<typeof useEditor>, id: string) => {
  const step = stepOf(editor.draft, id)
  return step === undefined ? [] : portsOf(step)
}

export const wayTypes = { way: WayLine }
