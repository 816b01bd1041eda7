import { permission, type Scope } from '@baton/contract'

/** A scope as a form holds it; nothing chosen is no limit. */
export interface ScopeValues {
  phases: string[]
  partner: string
  permissions: string[]
}

export const everything: ScopeValues = { phases: [], partner: '', permissions: [] }

export const valuesOf = ({ phases = [], partner = '', permissions = [] }: Scope): ScopeValues => ({
  phases: [...phases],
  partner,
  permissions: [...permissions],
})

/** What the form does not show of the former scope stays. */
export const scopeFrom = (values: ScopeValues, former: Scope = {}): Scope => {
  const { phases: _phases, partner: _partner, permissions: _permissions, ...kept } = former
  const partner = values.partner.trim()
  return {
    ...kept,
    ...(values.phases.length === 0 ? {} : { phases: values.phases }),
    ...(partner === '' ? {} : { partner }),
    ...(values.permissions.length === 0 ? {} : { permissions: permission.array().parse(values.permissions) }),
  }
}
