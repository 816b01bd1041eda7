/**
 * The language a browser asks for first, written as BCP 47 wants it (`de-at` → `de-AT`); null where it names none.
 * `Accept-Language` by RFC 9110, section 12.5.4: the greatest weight, of equal ones the first; `*` names no language.
 */
export const acceptedLocale = (header: string | undefined): string | null => {
  const wanted = (header ?? '').slice(0, longestHeader).split(',').flatMap(rangeOf)
  return wanted.sort((a, b) => b.weight - a.weight)[0]?.locale ?? null
}

const longestHeader = 1_000

const rangeOf = (text: string): readonly { locale: string; weight: number }[] => {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim())
  const weight = Number(parameters.find((one) => /^q=/i.test(one))?.slice(2) ?? 1)
  const locale = canonical(tag)
  return locale === null || !(weight > 0 && weight <= 1) ? [] : [{ locale, weight }]
}

const canonical = (tag: string): string | null => {
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(tag) || tag.length > 35) return null
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null
  } catch {
    return null
  }
}
