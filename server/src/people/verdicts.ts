import { BugError, type SubjectId } from '../kernel/index.ts'

/** What became of an event. The order of this list is the byte that is stored: only append. */
export const verdictKinds = ['accepted', 'duplicate', 'quarantined', 'system', 'erased'] as const
export type VerdictKind = (typeof verdictKinds)[number]

export interface Verdict {
  readonly kind: VerdictKind
  /** Whose event it is; null unless accepted. */
  readonly subjectId: SubjectId | null
}

const bytesEach = 17
const noSubject = Buffer.alloc(16)

/** Seventeen bytes an event: kind, subject. */
export const encodeVerdicts = (verdicts: readonly Verdict[]): Buffer => {
  const bytes = Buffer.alloc(verdicts.length * bytesEach)
  verdicts.forEach((verdict, index) => {
    const at = index * bytesEach
    bytes[at] = verdictKinds.indexOf(verdict.kind)
    if (verdict.subjectId) bytes.write(verdict.subjectId.replaceAll('-', ''), at + 1, 'hex')
  })
  return bytes
}

export const decodeVerdicts = (bytes: Buffer): readonly Verdict[] => {
  if (bytes.length % bytesEach !== 0) throw new BugError('A verdict list is cut short')
  return Array.from({ length: bytes.length / bytesEach }, (_, index) => {
    const at = index * bytesEach
    const kind = verdictKinds[bytes[at] ?? -1]
    if (!kind) throw new BugError(`Unknown verdict ${bytes[at]}`)
    const subject = bytes.subarray(at + 1, at + bytesEach)
    return { kind, subjectId: subject.equals(noSubject) ? null : toUuid(subject.toString('hex')) }
  })
}

const toUuid = (hex: string): SubjectId =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as SubjectId

const acceptedByte = verdictKinds.indexOf('accepted')
const systemByte = verdictKinds.indexOf('system')

/**
 * Whether a verdict list may speak of one of these subjects: an event is theirs, or it is nobody's and has to be looked at.
 * Seventeen bytes an event are looked through without being taken apart.
 */
export const mayConcern = (bytes: Buffer, subjects: ReadonlySet<string>): boolean => {
  for (let at = 0; at < bytes.length; at += bytesEach)
    if (bytes[at] !== systemByte && (bytes[at] !== acceptedByte || isZero(bytes, at + 1))) return true
  for (const subject of subjects) {
    const sought = Buffer.from(subject.replaceAll('-', ''), 'hex')
    for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, at + 1))
      if (at % bytesEach === 1) return true
  }
  return false
}

const isZero = (bytes: Buffer, from: number): boolean => {
  for (let at = from; at < from + 16; at += 1) if (bytes[at] !== 0) return false
  return true
}
