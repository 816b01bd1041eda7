/** Numbers written as text count as numbers when they are plain decimals of at most 15 + 15 digits; nothing else does. */
const plainDecimal = /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/
export const plainDecimalPattern = '\\A-?[0-9]{1,15}([.][0-9]{1,15})?\\z'

export const parseNumber = (text: string): number | null => (plainDecimal.test(text) ? Number(text) : null)
