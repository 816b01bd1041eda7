import { useTexts } from '../../texts/use-texts.ts'
import { changeNode, type DraftLeaf } from '../rule-draft.ts'
import { useBuilder } from './builder-context.ts'
import { ConditionEditor } from './condition-editor.tsx'
import { NodeCount, NodeMenu } from './node-side.tsx'
import classes from './rule-builder.module.css'

export const LeafEditor = ({ leaf, name }: { readonly leaf: DraftLeaf; readonly name: string }) => {
  const t = useTexts()
  const builder = useBuilder()
  const isUnfinished = builder.unfinished.has(leaf.id)
  return (
    <fieldset
      className={classes.leaf}
      style={{ margin: 0 }}
      data-unfinished={isUnfinished || undefined}
      aria-label={name}
      title={isUnfinished ? t('segments.builder.unfinished') : undefined}
    >
      <div className={classes.fields}>
        <ConditionEditor
          condition={leaf.condition}
          onChange={(condition) =>
            builder.change(
              changeNode(builder.root, leaf.id, (node) => (node.kind === 'leaf' ? { ...node, condition } : node)),
            )
          }
          negated={leaf.negated}
          suggestions={builder.suggestions}
          segments={builder.segments}
        />
      </div>
      <div className={classes.side}>
        <NodeCount node={leaf} />
        <NodeMenu node={leaf} name={name} />
      </div>
    </fieldset>
  )
}
