import { Box, Collapse, Group, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Icon } from '@tabler/icons-react'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import type { Tone } from './state-badge.tsx'
import classes from './timeline.module.css'
import { When } from './when.tsx'

export interface TimelineItem {
  readonly id: string
  readonly at: number | string
  readonly icon: Icon
  readonly title: ReactNode
  /** Under the title: the reason, the values. */
  readonly lead?: ReactNode
  /** Opened by a click: raw payload, decisions. */
  readonly details?: ReactNode
  readonly tone?: Tone
}

export interface TimelineProps {
  /** What this is the timeline of, for screen readers. */
  readonly label: string
  /** Newest first. */
  readonly items: readonly TimelineItem[]
  readonly empty?: ReactNode
}

export const Timeline = ({ label, items, empty }: TimelineProps) => {
  const t = useTexts()
  if (items.length === 0) return <>{empty ?? <Text c="dimmed">{t('ui.timeline.empty')}</Text>}</>
  return (
    <ol className={classes.list} aria-label={label}>
      {items.map((item) => (
        <Entry key={item.id} item={item} />
      ))}
    </ol>
  )
}

const Entry = ({ item }: { readonly item: TimelineItem }) => {
  const t = useTexts()
  const [open, { toggle }] = useDisclosure(false)
  return (
    <li className={classes.item}>
      <span className={classes.mark} data-tone={item.tone ?? 'calm'}>
        <item.icon size={15} stroke={1.8} aria-hidden />
      </span>
      <Box miw={0} flex={1}>
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Box miw={0}>
            <Text component="div" fw={520}>
              {item.title}
            </Text>
            <Group gap="2px 10px" align="baseline">
              {item.lead === undefined ? null : (
                <Text component="div" size="xs" c="dimmed">
                  {item.lead}
                </Text>
              )}
              {item.details === undefined ? null : (
                <UnstyledButton className={classes.toggle ?? ''} onClick={toggle} aria-expanded={open}>
                  <IconChevronRight size={13} aria-hidden className={classes.chevron} data-open={open || undefined} />
                  {t('ui.timeline.details')}
                </UnstyledButton>
              )}
            </Group>
          </Box>
          <Text size="xs" c="dimmed" component="div">
            <When at={item.at} />
          </Text>
        </Group>
        {item.details === undefined ? null : (
          <Collapse expanded={open}>
            <Box pt={6}>{open ? item.details : null}</Box>
          </Collapse>
        )}
      </Box>
    </li>
  )
}
