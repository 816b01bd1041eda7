import { Button, Group, NativeSelect, NumberInput, Text } from '@mantine/core'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { addPart, changeNode, type DraftGroup, newGroup, newLeaf } from '../rule-draft.ts'
import { AddCondition } from './add-condition.tsx'
import { useBuilder } from './builder-context.ts'
import { LeafEditor } from './leaf-editor.tsx'
import { NodeCount, NodeMenu } from './node-side.tsx'
import classes from './rule-builder.module.css'

interface GroupEditorProps {
  readonly group: DraftGroup
  /** "group 2", for screen readers. */
  readonly name: string
  readonly isRoot?: boolean
}

export const GroupEditor = ({ group, name, isRoot = false }: GroupEditorProps) => {
  const t = useTexts()
  const builder = useBuilder()
  const joiner = t(group.match === 'all' ? 'segments.builder.and' : 'segments.builder.or')
  return (
    <div className={isRoot ? classes.group : `${classes.group} ${classes.nested}`}>
      <div className={classes.head}>
        <MatchFields group={group} />
        <div className={classes.side} style={{ marginInlineStart: 'auto' }}>
          <NodeCount node={group} />
          {isRoot ? null : <NodeMenu node={group} name={name} />}
        </div>
      </div>
      {group.parts.length === 0 ? (
        <Text c="dimmed" pl={isRoot ? 36 : 0}>
          {t('segments.builder.emptyGroup')}
        </Text>
      ) : (
        <ol className={classes.parts}>
          {group.parts.map((part, index) => (
            <li key={part.id} className={classes.row}>
              <span className={classes.joiner}>{index === 0 ? '' : joiner}</span>
              {part.kind === 'leaf' ? (
                <LeafEditor leaf={part} name={t('segments.builder.condition', { number: index + 1 })} />
              ) : (
                <GroupEditor group={part} name={t('segments.builder.group', { number: index + 1 })} />
              )}
            </li>
          ))}
        </ol>
      )}
      <Group gap={6} pl={{ base: 0, sm: 36 }}>
        <AddCondition
          onAdd={(condition) => builder.change(addPart(builder.root, group.id, newLeaf(condition)))}
          label={t('segments.builder.addCondition')}
        />
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() =>
            builder.change(addPart(builder.root, group.id, newGroup([], group.match === 'all' ? 'any' : 'all')))
          }
        >
          {t('segments.builder.addGroup')}
        </Button>
      </Group>
    </div>
  )
}

type Choice = 'all' | 'any' | 'none' | 'at-least'

const choiceOf = (group: DraftGroup): Choice => (group.negated && group.match === 'any' ? 'none' : group.match)

const MatchFields = ({ group }: { readonly group: DraftGroup }) => {
  const t = useTexts()
  const builder = useBuilder()
  const change = (next: Partial<DraftGroup>) =>
    builder.change(changeNode(builder.root, group.id, (node) => (node.kind === 'group' ? { ...node, ...next } : node)))
  const choose = (choice: string) => {
    if (choice === 'none') return change({ match: 'any', negated: true })
    const match = choice === 'at-least' ? 'at-least' : choice === 'any' ? 'any' : 'all'
    change({ match, ...(choiceOf(group) === 'none' ? { negated: false } : {}) })
  }
  return (
    <>
      <Text span c="dimmed">
        {t('segments.builder.people')}
      </Text>
      {group.negated && group.match !== 'any' ? (
        <Text span fw={600}>
          {t('segments.builder.not')}
        </Text>
      ) : null}
      <NativeSelect
        aria-label={t('segments.builder.match')}
        value={choiceOf(group)}
        data={[
          { value: 'all', label: t('segments.builder.all') },
          { value: 'any', label: t('segments.builder.any') },
          { value: 'none', label: t('segments.builder.none') },
          { value: 'at-least', label: t('segments.builder.atLeast') },
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {group.match === 'at-least' ? (
        <NumberInput
          aria-label={t('segments.builder.atLeastCount')}
          value={group.count}
          min={1}
          max={50}
          w={58}
          hideControls
          allowDecimal={false}
          error={group.count > group.parts.length}
          onChange={(count) => {
            if (typeof count === 'number' && count >= 1) change({ count })
          }}
        />
      ) : null}
      <Text span c="dimmed">
        {t('segments.builder.ofThese')}
      </Text>
      {group.match === 'at-least' && group.count > group.parts.length && group.parts.length > 0 ? (
        <Text span size="xs" c="var(--mantine-color-error)">
          {t('segments.builder.tooMany')}
        </Text>
      ) : null}
    </>
  )
}
