const units = ['kilobyte', 'megabyte', 'gigabyte'] as const

/** 725 as `1 kB`, 228327 as `229 kB`, 6229341 as `6.2 MB`; in the browser's language. */
export const formatBytes = (bytes: number): string => {
  const power = Math.min(units.length, Math.max(1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const inUnit = bytes / 1000 ** power
  const format = { style: 'unit', unit: units[power - 1], maximumFractionDigits: power === 1 ? 0 : 1 } as const
  return new Intl.NumberFormat(undefined, format).format(power === 1 ? Math.ceil(inUnit) : inUnit)
}
