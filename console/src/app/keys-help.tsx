import { Group, Kbd, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { modKey } from './mod-key.ts'
import { createItems, navItems } from './nav.ts'

const Line = ({ keys, label }: { readonly keys: readonly string[]; readonly label: string }) => (
  <Group justify="space-between" wrap="nowrap" gap="sm">
    <Text>{label}</Text>
    <Group gap={4} wrap="nowrap">
      {keys.map((key) => (
        <Kbd key={key} size="xs">
          {key}
        </Kbd>
      ))}
    </Group>
  </Group>
)

export const KeysHelp = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => {
  const t = useTexts()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('shell.keys.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Stack gap={7}>
          {navItems.map((item) => (
            <Line key={item.to} keys={['g', item.key]} label={t(item.label)} />
          ))}
        </Stack>
        <Stack gap={7}>
          <Line keys={[modKey, 'K']} label={t('shell.keys.palette')} />
          <Line keys={['?']} label={t('shell.keys.help')} />
          <Line keys={['/']} label={t('shell.keys.filter')} />
          <Line keys={['.']} label={t('shell.keys.pause')} />
          {createItems.map((item) => (
            <Line key={item.to} keys={['c', item.key]} label={t(item.label)} />
          ))}
        </Stack>
      </SimpleGrid>
    </Modal>
  )
}
