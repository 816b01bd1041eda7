import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import IconCopyPlus from '@tabler/icons-react/dist/esm/icons/IconCopyPlus.mjs'
import IconDots from '@tabler/icons-react/dist/esm/icons/IconDots.mjs'
import IconExclamationMark from '@tabler/icons-react/dist/esm/icons/IconExclamationMark.mjs'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { formatCount } from '../../ui/numbers.ts'
import { changeNode, type DraftNode, duplicateNode } from '../rule-draft.ts'
import { useBuilder } from './builder-context.ts'
import classes from './rule-builder.module.css'

/** How many people this part alone holds for. */
export const NodeCount = ({ node }: { readonly node: DraftNode }) => {
  const t = useTexts()
  const { counts, stale } = useBuilder()
  const count = counts.get(node.id)
  if (count === undefined) return null
  return (
    <Tooltip label={t('segments.preview.counts', { count: formatCount(count) })}>
      <span className={classes.count} data-stale={stale || undefined}>
        {formatCount(count)}
      </span>
    </Tooltip>
  )
}

export const NodeMenu = ({ node, name }: { readonly node: DraftNode; readonly name: string }) => {
  const t = useTexts()
  const { root, change } = useBuilder()
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('segments.builder.more', { what: name })}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconExclamationMark size={15} aria-hidden />}
          onClick={() => change(changeNode(root, node.id, (each) => ({ ...each, negated: !each.negated })))}
        >
          {t(node.negated ? 'segments.builder.affirm' : 'segments.builder.negate')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCopyPlus size={15} aria-hidden />}
          onClick={() => change(duplicateNode(root, node.id))}
        >
          {t('segments.builder.duplicate', { what: name })}
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={15} aria-hidden />}
          onClick={() => change(changeNode(root, node.id, () => null))}
        >
          {t('segments.builder.remove', { what: name })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
