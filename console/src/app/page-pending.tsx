import { Center, Loader } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'

export const PagePending = () => {
  const t = useTexts()
  return (
    <Center mih={280} role="status" aria-label={t('ui.loading')}>
      <Loader size="sm" type="dots" />
    </Center>
  )
}
