import { passwordMinLength } from '@baton/contract'
import { PasswordInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTexts } from '../texts/use-texts.ts'

/** A password for an account that is made now. */
export const NewPasswordInput = <Values extends { readonly password: string }>({
  form,
}: {
  readonly form: UseFormReturnType<Values>
}) => {
  const t = useTexts()
  return (
    <PasswordInput
      label={t('start.fields.password')}
      description={t('start.fields.passwordHint', { min: passwordMinLength })}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': t('start.fields.showPassword') }}
      required
      {...form.getInputProps('password')}
    />
  )
}

export const NameInput = <Values extends { readonly name: string }>({
  form,
}: {
  readonly form: UseFormReturnType<Values>
}) => {
  const t = useTexts()
  return <TextInput label={t('start.fields.name')} autoComplete="name" required {...form.getInputProps('name')} />
}

export const EmailInput = <Values extends { readonly email: string }>({
  form,
}: {
  readonly form: UseFormReturnType<Values>
}) => {
  const t = useTexts()
  return (
    <TextInput
      label={t('start.fields.email')}
      type="email"
      autoComplete="username"
      required
      {...form.getInputProps('email')}
    />
  )
}
