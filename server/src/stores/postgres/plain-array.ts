/**
 * A PostgreSQL array of numbers or ids as one text parameter. The driver quotes and escapes every item of an array
 * on the event loop; at a million items that is seconds, and these need neither.
 *
 * @throws TypeError when an item is anything but a finite number or a text of hexadecimal digits and hyphens.
 */
export const plainArray = (items: readonly (number | string)[]): string => {
  const joined = items.join()
  if (!/^[-+.,\da-f]*$/.test(joined)) throw new TypeError('An item of a plain array is neither a number nor an id')
  return `{${joined}}`
}
