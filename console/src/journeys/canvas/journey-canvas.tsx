import '@xyflow/react/dist/base.css'
import { ActionIcon, Box, Stack, Tooltip, useComputedColorScheme } from '@mantine/core'
import IconFocusCentered from '@tabler/icons-react/dist/esm/icons/IconFocusCentered.mjs'
import IconMinus from '@tabler/icons-react/dist/esm/icons/IconMinus.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { type AriaLabelConfig, Background, Panel, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { useEffect, useMemo, useRef } from 'react'
import { useTexts } from '../../texts/use-texts.ts'
import { useEditor } from '../editor-context.ts'
import { layoutJourney } from '../layout-journey.ts'
import { boxTypes, type JourneyNode } from './boxes.tsx'
import classes from './canvas.module.css'
import { type WayEdge, wayTypes } from './way-edge.tsx'

/** The journey as boxes and ways, laid out by itself: pan with the wheel, zoom with Ctrl and the wheel. */
export const JourneyCanvas = () => (
  <ReactFlowProvider>
    <Canvas />
  </ReactFlowProvider>
)

const fit = { padding: 0.12, maxZoom: 1, minZoom: 0.55 }

const Canvas = () => {
  const t = useTexts()
  const { draft, counts, selection } = useEditor()
  useRefit(selection !== null)
  const colorMode = useComputedColorScheme('light')
  const { nodes, edges } = useMemo(() => {
    const { boxes, edges: ways } = layoutJourney(draft, (id) => counts.has(id))
    return {
      nodes: boxes.map(
        (box): JourneyNode => ({
          id: box.id,
          type: box.kind,
          position: { x: box.x, y: box.y },
          data: { way: box.way },
          // The box holds a button and links of its own; the frame around it is no control, and by default lets no click through.
          ariaRole: 'presentation',
          style: { pointerEvents: 'all' },
        }),
      ),
      edges: ways.map(
        (way): WayEdge => ({ id: way.id, source: way.source, target: way.target, type: 'way', data: { way: way.way } }),
      ),
    }
  }, [draft, counts])
  const labels: Partial<AriaLabelConfig> = { 'node.a11yDescription.default': '', 'edge.a11yDescription.default': '' }
  return (
    <Box className={classes.canvas ?? ''} role="region" aria-label={t('journeys.editor.canvasLabel')}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={boxTypes}
        edgeTypes={wayTypes}
        colorMode={colorMode}
        ariaLabelConfig={labels}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        panOnScroll
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        minZoom={0.25}
        maxZoom={1.5}
        fitView
        fitViewOptions={fit}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={20} size={1.2} />
        <ZoomButtons />
      </ReactFlow>
    </Box>
  )
}

/** The side panel takes a part of the width when it opens: everything is brought into view again. */
const useRefit = (isPanelOpen: boolean): void => {
  const flow = useReactFlow()
  const was = useRef(isPanelOpen)
  useEffect(() => {
    if (was.current === isPanelOpen) return
    was.current = isPanelOpen
    const timer = setTimeout(() => void flow.fitView(fit), 60)
    return () => clearTimeout(timer)
  }, [isPanelOpen, flow])
}

const ZoomButtons = () => {
  const t = useTexts()
  const flow = useReactFlow()
  return (
    <Panel position="bottom-left">
      <Stack gap={4}>
        <Tooltip label={t('journeys.editor.zoomIn')} position="right">
          <ActionIcon variant="default" aria-label={t('journeys.editor.zoomIn')} onClick={() => void flow.zoomIn()}>
            <IconPlus size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('journeys.editor.zoomOut')} position="right">
          <ActionIcon variant="default" aria-label={t('journeys.editor.zoomOut')} onClick={() => void flow.zoomOut()}>
            <IconMinus size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('journeys.editor.fit')} position="right">
          <ActionIcon variant="default" aria-label={t('journeys.editor.fit')} onClick={() => void flow.fitView(fit)}>
            <IconFocusCentered size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Stack>
    </Panel>
  )
}
