import { Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { type SyntheticEvent, useMemo } from 'react'
import { useTexts } from '../texts/use-texts.ts'

export interface WorkspaceValues {
  readonly workspaceName: string
  readonly currency: string
  readonly timeZone: string
}

/** What a new workspace is until somebody says otherwise. */
export const newWorkspace = (): WorkspaceValues => ({
  workspaceName: '',
  currency: 'EUR',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
})

const currencyOptions = () => {
  const names = new Intl.DisplayNames(undefined, { type: 'currency' })
  return Intl.supportedValuesOf('currency').map((code) => ({
    value: code,
    label: `${code} · ${names.of(code) ?? code}`,
  }))
}

const zoneOptions = (own: string) => {
  const zones = Intl.supportedValuesOf('timeZone')
  return [...new Set([own, 'UTC', ...zones])].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
}

/** What is typed replaces the choice that stands there. */
const selectAll = (event: SyntheticEvent<HTMLInputElement>): void => event.currentTarget.select()

/** Name, currency and time zone of a workspace, in any form that has them. */
export const WorkspaceFields = <Values extends WorkspaceValues>({
  form,
}: {
  readonly form: UseFormReturnType<Values>
}) => {
  const t = useTexts()
  const currencies = useMemo(currencyOptions, [])
  const zones = useMemo(() => zoneOptions(Intl.DateTimeFormat().resolvedOptions().timeZone), [])
  const nothing = t('shell.palette.nothing')
  return (
    <>
      <TextInput
        label={t('start.workspace.name')}
        autoComplete="organization"
        required
        {...form.getInputProps('workspaceName')}
      />
      <Select
        label={t('start.workspace.currency')}
        description={t('start.workspace.currencyHint')}
        data={currencies}
        searchable
        allowDeselect={false}
        selectFirstOptionOnChange
        onFocus={selectAll}
        onClick={selectAll}
        limit={60}
        nothingFoundMessage={nothing}
        {...form.getInputProps('currency')}
      />
      <Select
        label={t('start.workspace.timeZone')}
        description={t('start.workspace.timeZoneHint')}
        data={zones}
        searchable
        allowDeselect={false}
        selectFirstOptionOnChange
        onFocus={selectAll}
        onClick={selectAll}
        limit={60}
        nothingFoundMessage={nothing}
        {...form.getInputProps('timeZone')}
      />
    </>
  )
}
