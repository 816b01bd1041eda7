import { computeForward, type ForwardInput, type ForwardOutput } from './compute-forward.ts'
import {
  computeStatement,
  listTermPeople,
  type StatementFigures,
  type StatementInput,
  type TermInput,
} from './compute-statement.ts'

/** What the thread beside the one that answers requests can be asked to compute. */
export interface EquityTasks {
  readonly statement: { readonly input: StatementInput; readonly output: StatementFigures }
  readonly people: { readonly input: TermInput; readonly output: ReturnType<typeof listTermPeople> }
  readonly forward: { readonly input: ForwardInput; readonly output: ForwardOutput }
}
export type EquityTaskName = keyof EquityTasks

export const equityTasks: {
  readonly [Name in EquityTaskName]: (input: EquityTasks[Name]['input']) => EquityTasks[Name]['output']
} = {
  statement: computeStatement,
  people: listTermPeople,
  forward: computeForward,
}
