import { processState } from '@baton/contract'
import { z } from 'zod'

const stageFailure = z.object({ stage: z.string(), count: z.int(), last: z.string(), at: z.int() })

/** What an api or worker process tells the supervisor. */
const childMessage = z.discriminatedUnion('kind', [
  /** It does its work now. `address` is where the api listens, `firstRunToken` what the first account is made with. */
  z.object({ kind: z.literal('ready'), address: z.string().nullable(), firstRunToken: z.string().nullable() }),
  /** Failed turns of the worker's stages since its start, for the operations page. */
  z.object({
    kind: z.literal('failures'),
    failures: z.array(stageFailure),
  }),
  /** The sample shop is not played, because it was left for own data. */
  z.object({ kind: z.literal('sample-left') }),
  /** It can't start and says why; starting it again would not help. */
  z.object({ kind: z.literal('refused'), reason: z.string() }),
])
export type ChildMessage = z.infer<typeof childMessage>

/** What the supervisor tells the api process. */
const supervisorMessage = z.object({
  kind: z.literal('processes'),
  processes: z.array(processState),
  failures: z.array(stageFailure),
})
export type SupervisorMessage = z.infer<typeof supervisorMessage>

/** Null for anything else that travels on the channel. */
export const readChildMessage = (message: unknown): ChildMessage | null => childMessage.safeParse(message).data ?? null
export const readSupervisorMessage = (message: unknown): SupervisorMessage | null =>
  supervisorMessage.safeParse(message).data ?? null
