import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { en } from './en.ts'

/** `found_one` and `found_other` are said by `found` with a count. */
type WithoutPlural<Key extends string> =
  Key extends `${infer Stem}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}` ? Stem : Key

type KeysOf<Node> = {
  [Key in keyof Node & string]: Node[Key] extends string ? WithoutPlural<Key> : `${Key}.${KeysOf<Node[Key]>}`
}[keyof Node & string]

/** A key of the catalogue, such as `people.title`. */
export type TextKey = KeysOf<typeof en>

export type TextValues = Readonly<Record<string, string | number>>

export interface Texts {
  /** `t('people.title')`, `t('people.found', { count: 3 })`; a key that is not in the catalogue fails the type check. */
  (key: TextKey, values?: TextValues): string
  /** The text of a code that the server sends: `t.code('ui.reasons', 'quiet_hours')`; a code without a text is spelt out as words. */
  code(area: string, code: string, values?: TextValues): string
}

/** `frequency_cap` to `Frequency cap`. */
export const spellOut = (code: string): string => {
  const words = code
    .replace(/[_\-.]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const useTexts = (): Texts => {
  const { t, i18n } = useTranslation()
  return useMemo(() => {
    const say = (key: TextKey, values?: TextValues): string => String(t(key, { ...values }))
    const code = (area: string, name: string, values?: TextValues): string => {
      const key = `${area}.${name}`
      return i18n.exists(key) ? String(i18n.t(key, { ...values })) : spellOut(name)
    }
    return Object.assign(say, { code })
  }, [t, i18n])
}
