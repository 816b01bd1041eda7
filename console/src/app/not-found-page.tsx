import { Button, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { Centered } from './centered.tsx'

export const NotFoundPage = () => {
  const t = useTexts()
  useDocumentTitle(`${t('shell.notFound.title')} · Baton`)
  return (
    <Centered>
      <Stack align="center" ta="center" gap="xs">
        <Title order={1}>{t('shell.notFound.title')}</Title>
        <Text c="dimmed">{t('shell.notFound.lead')}</Text>
        <Button mt="sm" renderRoot={(props) => <Link to="/" {...props} />}>
          {t('shell.notFound.home')}
        </Button>
      </Stack>
    </Centered>
  )
}
