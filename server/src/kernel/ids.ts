import { hash } from 'node:crypto'
import { uuidv7 } from 'uuidv7'

declare const brand: unique symbol
/** A string or number that can't be passed where another kind of id is meant. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name }

export type WorkspaceId = Branded<string, 'WorkspaceId'>
export type UserId = Branded<string, 'UserId'>
/** The first sighting of an identifier mints a subject; it never changes. */
export type SubjectId = Branded<string, 'SubjectId'>
/** A person is a set of subjects; her id is that of her oldest subject. */
export type PersonId = Branded<string, 'PersonId'>
export type RuleId = Branded<string, 'RuleId'>
export type SegmentId = Branded<string, 'SegmentId'>
export type JourneyId = Branded<string, 'JourneyId'>
export type RunId = Branded<string, 'RunId'>
export type MessageId = Branded<string, 'MessageId'>
export type TemplateId = Branded<string, 'TemplateId'>

/**
 * A place in the log: `epoch * 2^44 + xid` of the transaction that wrote the batch (one batch a transaction).
 * Ordered within a workspace; a restored copy starts a new epoch, because its transaction numbers begin again.
 */
export type Position = Branded<number, 'Position'>

/** Mints a branded value from one that was checked at the edge or read from our own store. */
export const brandAs = <Id>(value: Id extends string ? string : number): Id => value as unknown as Id

/** A new random, time-ordered id (UUID version 7). */
export const newId = <Id extends string>(): Id => uuidv7() as Id

/** SHA-256 over the parts as a UUID of version 8 (RFC 9562 §5.8): the same parts give the same id, whoever computes it. */
export const idOf = <Id extends string>(...parts: readonly string[]): Id => {
  const hex = hash('sha256', parts.join('\u0000'), 'hex')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Id
}
