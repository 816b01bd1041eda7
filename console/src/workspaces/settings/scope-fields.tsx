import { permissions, phaseKey, type Role, roleList } from '@baton/contract'
import { Fieldset, MultiSelect, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useApi } from '../../api/use-api.ts'
import { useTexts } from '../../texts/use-texts.ts'
import type { ScopeValues } from './scope-values.ts'

interface ScopeFieldsProps<Values extends { role: Role; scope: ScopeValues }> {
  readonly form: UseFormReturnType<Values>
  /** A key may be narrowed permission by permission; an owner's key has a scope, an owner has none. */
  readonly of: 'member' | 'key'
}

/** Which part of the operation somebody or a key answers for, and what that means. */
export const ScopeFields = <Values extends { role: Role; scope: ScopeValues }>({
  form,
  of,
}: ScopeFieldsProps<Values>) => {
  const t = useTexts()
  const known = useApi('/v1/roles', roleList, { enabled: of === 'key' })
  const { role, scope } = form.getValues()
  if (of === 'member' && role === 'owner')
    return (
      <Text size="sm" c="dimmed">
        {t('settings.scope.ownerHasNone')}
      </Text>
    )
  const ofRole = known.data?.roles.find((each) => each.role === role)?.permissions ?? permissions
  const meaningOf = (name: string) => known.data?.meanings.find((each) => each.permission === name)?.meaning
  const isPart = scope.phases.length > 0 || scope.partner.trim() !== ''
  return (
    <Fieldset legend={t('settings.scope.title')} mx={0}>
      <Stack gap="sm">
        <MultiSelect
          label={t('settings.scope.phases')}
          description={t('settings.scope.phasesHint')}
          placeholder={scope.phases.length === 0 ? t('settings.scope.allPhases') : ''}
          clearable
          clearButtonProps={{ 'aria-label': t('settings.scope.clearPhases') }}
          data={phaseKey.options.map((value) => ({ value, label: t(`journeys.phases.${value}`) }))}
          {...form.getInputProps('scope.phases')}
        />
        <TextInput
          label={t('settings.scope.partner')}
          description={t('settings.scope.partnerHint')}
          placeholder={t('settings.scope.noPartner')}
          maxLength={120}
          {...form.getInputProps('scope.partner')}
        />
        {of === 'key' ? (
          <MultiSelect
            label={t('settings.scope.permissions')}
            description={t('settings.scope.permissionsHint')}
            placeholder={scope.permissions.length === 0 ? t('settings.scope.allPermissions') : ''}
            clearable
            clearButtonProps={{ 'aria-label': t('settings.scope.clearPermissions') }}
            maxDropdownHeight={260}
            data={ofRole.map((value) => ({ value, label: value }))}
            renderOption={({ option }) => (
              <div>
                <Text size="sm">{option.value}</Text>
                <Text size="xs" c="dimmed">
                  {meaningOf(option.value)}
                </Text>
              </div>
            )}
            {...form.getInputProps('scope.permissions')}
          />
        ) : null}
        {isPart ? (
          <Text size="xs" c="dimmed">
            {t('settings.scope.notTheWhole')}
          </Text>
        ) : null}
      </Stack>
    </Fieldset>
  )
}
