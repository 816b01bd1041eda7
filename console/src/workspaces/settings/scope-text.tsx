import type { Scope } from '@baton/contract'
import { Text } from '@mantine/core'
import { type Texts, useTexts } from '../../texts/use-texts.ts'

/** A scope in words, a line each; none: everything the role may. */
export const scopeLines = (t: Texts, { phases, partner, permissions, ...noted }: Scope): readonly string[] => [
  ...(phases === undefined
    ? []
    : [
        t('settings.scope.saysPhases', {
          phases: phases.map((phase) => t.code('journeys.phases', phase)).join(', ') || t('settings.scope.saysNone'),
        }),
      ]),
  ...(partner === undefined ? [] : [t('settings.scope.saysPartner', { partner })]),
  ...(permissions === undefined
    ? []
    : [t('settings.scope.saysPermissions', { permissions: permissions.join(', ') || t('settings.scope.saysNone') })]),
  ...[noted.functions, noted.units, noted.brands]
    .filter((names) => names !== undefined)
    .map((names) => t('settings.scope.saysNoted', { names: names.join(', ') })),
]

export const ScopeText = ({ scope }: { readonly scope: Scope }) => {
  const t = useTexts()
  const lines = scopeLines(t, scope)
  if (lines.length === 0)
    return (
      <Text span size="sm" c="dimmed">
        {t('settings.scope.saysAll')}
      </Text>
    )
  return (
    <>
      {lines.map((line) => (
        <Text key={line} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {line}
        </Text>
      ))}
    </>
  )
}
