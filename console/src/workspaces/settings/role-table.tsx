import { roleList } from '@baton/contract'
import { Table, Text, VisuallyHidden } from '@mantine/core'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import { useApi } from '../../api/use-api.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { Panel } from '../../ui/panel.tsx'
import classes from './role-table.module.css'

/** Permissions down, roles across: what each role opens. */
export const RoleTable = () => {
  const t = useTexts()
  const { data } = useApi('/v1/roles', roleList)
  if (data === undefined) return null
  const label = t('settings.tableOf', { what: t('settings.members.rolesTitle') })
  return (
    <Panel title={t('settings.members.rolesTitle')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the table is wider than a phone, and the keyboard must reach its scrolling */}
      <section className={classes.frame} aria-label={label} tabIndex={0}>
        <Table className={classes.table ?? ''} fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('settings.members.permission')}</Table.Th>
              {data.roles.map(({ role }) => (
                <Table.Th key={role} scope="col" title={t(`settings.roleLeads.${role}`)}>
                  <span className={classes.role}>{t(`settings.roles.${role}`)}</span>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.meanings.map(({ permission, meaning }) => (
              <Table.Tr key={permission}>
                <Table.Th scope="row" className={classes.meaning ?? ''} title={permission}>
                  {meaning}
                </Table.Th>
                {data.roles.map(({ role, permissions }) => (
                  <Table.Td key={role} ta="center">
                    {permissions.includes(permission) ? (
                      <>
                        <IconCheck size={15} aria-hidden color="var(--mantine-color-teal-text)" />
                        <VisuallyHidden>{t('settings.members.may')}</VisuallyHidden>
                      </>
                    ) : (
                      <Text span c="dimmed" aria-hidden>
                        ·
                      </Text>
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Panel>
  )
}
