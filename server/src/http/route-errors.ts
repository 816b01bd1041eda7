import type { Access } from './access.ts'
import { type ErrorCode, errorCodes, statusOf } from './error-codes.ts'

/** What of a route decides which errors it may answer with. */
export interface RouteToDescribe {
  readonly method: string
  readonly access: Access
  readonly hasParams: boolean
  /** The names of its query, if it has one. */
  readonly query: readonly string[] | null
  /** The errors its `config` names, which only its handler can know. */
  readonly more: readonly ErrorCode[]
}

/** Every error a route may answer with, in the order of the table. Answers seen in the tests are checked against it. */
export const errorsOf = (route: RouteToDescribe): readonly ErrorCode[] => {
  const changes = route.method !== 'GET'
  const isKnown = 'permission' in route.access || 'session' in route.access
  const asked = new Set<ErrorCode>([...route.more, 'internal', 'unavailable'])
  const add = (holds: boolean, ...codes: readonly ErrorCode[]) => {
    if (holds) for (const code of codes) asked.add(code)
  }
  add(isKnown, 'unauthenticated')
  add(isKnown && changes, 'cross-origin')
  add('public' in route.access && route.access.sameOrigin === true, 'cross-origin')
  add('permission' in route.access, 'workspace-required', 'forbidden')
  add(changes, 'invalid-input', 'invalid-json', 'too-large', 'unsupported-media-type')
  // What a body, an address or a query names may be gone; what is asked to change may stand where it can't.
  add(route.hasParams || route.query !== null, 'invalid-input', 'not-found')
  add('permission' in route.access && changes, 'not-found', 'conflict')
  add(route.query?.includes('cursor') === true, 'invalid-cursor')
  return errorCodesInOrder.filter((code) => asked.has(code))
}

const isErrorCode = (code: string): code is ErrorCode => code in errorCodes
const errorCodesInOrder = Object.keys(errorCodes).filter(isErrorCode)

/** The same by status. */
export const errorsByStatus = (codes: readonly ErrorCode[]): ReadonlyMap<number, readonly ErrorCode[]> =>
  Map.groupBy(codes, statusOf)
