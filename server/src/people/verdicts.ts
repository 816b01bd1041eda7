import { BugError, type SubjectId } from '../kernel/index.ts'

/** What became of an event. The order of this list is the byte that is stored: only append. */
export const verdictKinds = ['accepted', 'duplicate', 'quarantined', 'system'] as const
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
