/**
 * Can mail be handed over to this address? RFC 5321's dot-atom local parts and host names only: quoted local parts,
 * address literals, comments and control characters are refused (a CRLF in a recipient can swap it), at 254 characters at most.
 */
export const isMailAddress = (text: string): boolean => {
  if (text.length > 254) return false
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  const domain = text.slice(at + 1)
  if (at < 1 || local.length > 64 || !dotAtom.test(local)) return false
  const labels = domain.split('.')
  return labels.length > 1 && labels.every((label) => hostLabel.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
}
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const hostLabel = /^[A-Za-z0-9\u0080-\uffff]([A-Za-z0-9\u0080-\uffff-]{0,61}[A-Za-z0-9\u0080-\uffff])?$/
