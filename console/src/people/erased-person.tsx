import { type Erasure, erasureState } from '@baton/contract'
import { Anchor, List, Stack, Text, ThemeIcon, VisuallyHidden } from '@mantine/core'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconClock from '@tabler/icons-react/dist/esm/icons/IconClock.mjs'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { PageHeader, type PageHeaderProps } from '../ui/page-header.tsx'
import { Panel } from '../ui/panel.tsx'
import { When } from '../ui/when.tsx'

/** In the place of the page of somebody who was erased: that she was, and how far it has come. */
export const ErasedPerson = ({ erasure, back }: { readonly erasure: Erasure } & Pick<PageHeaderProps, 'back'>) => {
  const t = useTexts()
  const steps = erasureState.options
  const reached = steps.indexOf(erasure.state)
  return (
    <>
      <PageHeader title={t('people.herData.erased')} {...(back === undefined ? {} : { back })} />
      <Panel title={t(erasure.state === 'done' ? 'people.herData.erasedTitle' : 'people.herData.erasing')} maw={640}>
        <Stack gap="md">
          <Text c="dimmed">
            {t('people.herData.asked')} <When at={erasure.requestedAt} />
          </Text>
          <List spacing="xs" listStyleType="none" center>
            {steps.map((step, index) => (
              <List.Item key={step} icon={<StepIcon isDone={index <= reached} />}>
                {t(`people.herData.steps.${step}`)}
                <VisuallyHidden>
                  {' '}
                  ({t(index <= reached ? 'people.herData.stepDone' : 'people.herData.stepOpen')})
                </VisuallyHidden>
              </List.Item>
            ))}
          </List>
          <Text>{t('people.herData.forGood')}</Text>
          <Anchor inherit renderRoot={(props) => <Link to="/settings/erasures" {...props} />}>
            {t('people.herData.toList')}
          </Anchor>
        </Stack>
      </Panel>
    </>
  )
}

const StepIcon = ({ isDone }: { readonly isDone: boolean }) => (
  <ThemeIcon size={22} radius="xl" variant="light" color={isDone ? 'teal' : 'gray'} aria-hidden>
    {isDone ? <IconCheck size={14} /> : <IconClock size={14} />}
  </ThemeIcon>
)
