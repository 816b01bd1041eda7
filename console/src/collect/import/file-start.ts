/** Why a file can't be orders, told before anything is sent. */
export type FileRefusal = 'empty' | 'spreadsheet' | 'utf16' | 'not-text' | 'unreadable'

export type FileStart =
  | { readonly kind: 'text'; readonly text: string; readonly isWhole: boolean }
  | { readonly kind: 'refused'; readonly reason: FileRefusal }

const startBytes = 64 * 1024

/** The first 64 KB of a file, however long it is: UTF-8, else Windows-1252, as the server reads it. */
export const readFileStart = async (file: Blob): Promise<FileStart> => {
  if (file.size === 0) return { kind: 'refused', reason: 'empty' }
  let bytes: Uint8Array
  try {
    bytes = new Uint8Array(await file.slice(0, startBytes).arrayBuffer())
  } catch {
    // The disk says no: removed, renamed, or not allowed.
    return { kind: 'refused', reason: 'unreadable' }
  }
  const reason = refusalOf(bytes)
  if (reason !== null) return { kind: 'refused', reason }
  const text = decode(bytes)
  return text.trim() === ''
    ? { kind: 'refused', reason: 'empty' }
    : { kind: 'text', text, isWhole: file.size <= startBytes }
}

const beginsWith = (bytes: Uint8Array, ...first: readonly number[]): boolean =>
  first.every((byte, index) => bytes[index] === byte)

const refusalOf = (bytes: Uint8Array): FileRefusal | null => {
  // A zip (.xlsx, .ods, .numbers) and the old compound file (.xls).
  if (beginsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || beginsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return 'spreadsheet'
  if (beginsWith(bytes, 0xff, 0xfe) || beginsWith(bytes, 0xfe, 0xff)) return 'utf16'
  return bytes.includes(0) ? 'not-text' : null
}

/** `stream` leaves out a character that the 64 KB cut in two. */
const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
