import type { ImportJob } from '@baton/contract'
import { Text } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'

/** Why it failed, and what to do. */
export const ImportProblem = ({ problem }: Pick<ImportJob, 'problem'>) => {
  const t = useTexts()
  if (problem === null) return null
  return (
    <>
      <Text style={{ overflowWrap: 'anywhere' }}>{problem.message}</Text>
      <Text style={{ overflowWrap: 'anywhere' }}>
        <strong>{t('ui.whatToDo')}:</strong> {problem.remedy}
      </Text>
    </>
  )
}
