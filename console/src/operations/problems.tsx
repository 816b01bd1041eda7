import type { Operations, OperationsProblem } from '@baton/contract'
import { Alert, Group, Stack, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import IconLoader from '@tabler/icons-react/dist/esm/icons/IconLoader.mjs'
import { useTexts } from '../texts/use-texts.ts'
import { When } from '../ui/when.tsx'
import { PartBadge } from './part-badge.tsx'

/** What is wrong, worst first, each with what to do; or that nothing is. */
export const Problems = ({ state, problems }: Pick<Operations, 'state' | 'problems'>) => {
  const t = useTexts()
  if (problems.length === 0) {
    const works = state === 'ok'
    return (
      <Alert
        color={works ? 'teal' : 'blue'}
        icon={works ? <IconCircleCheck aria-hidden /> : <IconLoader aria-hidden />}
        title={works ? t('operations.allWell') : t('operations.starting')}
        role="status"
      >
        {works ? t('operations.allWellLead') : t('operations.startingLead')}
      </Alert>
    )
  }
  return (
    <Stack gap="sm" role="alert">
      {problems.map((problem) => (
        <Alert
          key={`${problem.part} ${problem.name} ${problem.sentence}`}
          color={problem.state === 'failed' ? 'red' : 'yellow'}
          icon={<IconAlertTriangle aria-hidden />}
          title={
            <Group gap={8}>
              {t(`operations.parts.${problem.part}`)}
              {isSaid(problem, t(`operations.parts.${problem.part}`)) ? null : <span>{problem.name}</span>}
              <PartBadge state={problem.state} />
              {problem.since === null ? null : (
                <Text span size="xs" fw={400}>
                  {t('operations.since')} <When at={problem.since} />
                </Text>
              )}
            </Group>
          }
        >
          <Text>{problem.sentence}</Text>
          <Text mt={2}>
            <strong>{t('ui.whatToDo')}:</strong> {problem.remedy}
          </Text>
        </Alert>
      ))}
    </Stack>
  )
}

/** The part's title names it already. */
const isSaid = ({ part, name }: OperationsProblem, title: string): boolean =>
  [part, title.toLowerCase()].includes(name.toLowerCase())
