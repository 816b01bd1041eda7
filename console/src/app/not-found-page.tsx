import { Button, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'

export const NotFoundPage = () => {
  const t = useTexts()
  useDocumentTitle(`${t('shell.notFound.title')} · Baton`)
  return (
    <Stack align="flex-start" gap="xs" p="md" maw={560}>
      <Title order={1}>{t('shell.notFound.title')}</Title>
      <Text c="dimmed">{t('shell.notFound.lead')}</Text>
      <Button mt="sm" renderRoot={(props) => <Link to="/" {...props} />}>
        {t('shell.notFound.home')}
      </Button>
    </Stack>
  )
}
