import { erasure, type Person } from '@baton/contract'
import { Button, Menu, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from '../ui/confirm-modal.tsx'
import { downloadFile } from '../ui/csv.ts'

/** What she may ask for: all her data as a file, or that it goes. For who may take data out. */
export const HerData = ({ person }: { readonly person: Person }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const queries = useQueryClient()
  const [asking, ask] = useDisclosure(false)
  const path = `/v1/people/${person.personId}`
  const exporting = useAction({
    run: () => api.file(`${path}/export`),
    done: t('people.herData.exported'),
    onDone: (file) => downloadFile(`person-${person.personId}.json`, file, 'application/json'),
  })
  const erasing = useAction({
    run: () => api.post(`${path}/erasure`, {}, erasure),
    // What is on this page of her would be asked for once more, and is not there any more.
    refreshes: ['/v1/erasures'],
    done: t('people.herData.begun'),
    onDone: () => queries.removeQueries({ predicate: ({ queryKey }) => String(queryKey[2]).startsWith('/v1/people') }),
    onFailed: ask.close,
  })
  if (!workspace.permissions.includes('personal-data:export')) return null
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" loading={exporting.isPending}>
            {t('people.herData.menu')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => exporting.mutate()}>
            {t('people.herData.export')}
          </Menu.Item>
          <Menu.Item color="red.8" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
            {t('people.herData.erase')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmModal
        opened={asking}
        onClose={ask.close}
        title={t('people.herData.ask', { name: person.title })}
        confirm={t('people.herData.confirm')}
        typeToConfirm={t('people.herData.word')}
        onConfirm={() => erasing.mutate()}
        busy={erasing.isPending}
        danger
      >
        <WhatItMeans />
      </ConfirmModal>
    </>
  )
}

const WhatItMeans = () => {
  const t = useTexts()
  return (
    <Stack gap="sm">
      <div>
        <Text fw={600}>{t('people.herData.goes')}</Text>
        <Text>{t('people.herData.goesNow')}</Text>
        <Text>{t('people.herData.goesSoon')}</Text>
      </div>
      <div>
        <Text fw={600}>{t('people.herData.stays')}</Text>
        <Text>{t('people.herData.staysText')}</Text>
      </div>
      <Text>{t('people.herData.forGood')}</Text>
    </Stack>
  )
}
