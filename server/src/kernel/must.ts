import { BugError } from './errors.ts'

/** The value, which can't be missing for the reason given; throws a bug with that reason if it is. */
export const must = <T>(value: T | null | undefined, why: string): T => {
  if (value === null || value === undefined) throw new BugError(`Missing value: ${why}`)
  return value
}

/** Ends a switch over a union: the compiler refuses it while a kind is unhandled. */
export const exhaustive = (value: never): never => {
  throw new BugError(`Unhandled kind: ${JSON.stringify(value)}`)
}
