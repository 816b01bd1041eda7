import type { Operations } from '@baton/contract'
import { Alert, Group, Stack, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import IconLoader from '@tabler/icons-react/dist/esm/icons/IconLoader.mjs'
import { useTexts } from '../texts/use-texts.ts'
import { When } from '../ui/when.tsx'
import { PartBadge } from './part-badge.tsx'

/** What is wrong, worst first, each with what to do; or that nothing is. */
export const Problems = ({ operations }: { readonly operations: Operations }) => {
  const t = useTexts()
  if (operations.problems.length === 0) {
    const works = operations.state === 'ok'
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
      {operations.problems.map((problem) => (
        <Alert
          key={`${problem.part} ${problem.name} ${problem.sentence}`}
          color={problem.state === 'failed' ? 'red' : 'yellow'}
          icon={<IconAlertTriangle aria-hidden />}
          title={
            <Group gap={8}>
              {t(`operations.parts.${problem.part}`)}
              {problem.name.toLowerCase() === problem.part ? null : <span>{problem.name}</span>}
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
