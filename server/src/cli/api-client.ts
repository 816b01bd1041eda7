import { errorEnvelope } from '@baton/contract'
import type { z } from 'zod'
import { addressOf, type Config } from '../config.ts'
import { OperatorError } from '../kernel/index.ts'
import { openRooms } from '../main.ts'
import { readConnections, readRunning } from '../supervisor/index.ts'
import { makeKey, stopKey } from '../workspaces/index.ts'
import { chooseWorkspace } from './choose-workspace.ts'

/** Calls of the public API, as any program would make them. */
export interface ApiClient {
  call<Shape extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    shape: Shape,
    body?: { readonly type: string; readonly content: ReadableStream | string },
  ): Promise<z.output<Shape>>
}

/**
 * With `BATON_API_KEY`, at `BATON_URL`. Without it, at the server of the data folder, with a key that is made for this
 * command and revoked after it, or when the signal is aborted, which ends the call under way (who may read the data folder may do that anyway).
 */
export const withApi = async <T>(
  config: Config,
  workspace: string | undefined,
  signal: AbortSignal,
  work: (api: ApiClient) => Promise<T>,
): Promise<T> => {
  const given = process.env.BATON_API_KEY
  if (given !== undefined && given !== '') return work(clientOf(config.publicUrl, given, signal))
  const connections = readConnections(config.dataFolder)
  if (connections === null)
    throw new OperatorError(
      `No server runs on ${config.dataFolder}. Start it with "npm start", or give BATON_URL and BATON_API_KEY of another one.`,
    )
  const rooms = await openRooms(config, connections)
  try {
    signal.throwIfAborted()
    const { workspaceId } = chooseWorkspace(await rooms.workspaces.list(), workspace)
    const maker = { workspaceId, actor: 'system' }
    const made = await makeKey(rooms, maker, { kind: 'api', name: 'one command', role: 'owner', scope: {} })
    try {
      const address = readRunning(config.dataFolder)?.address ?? addressOf(config.host, config.port)
      return await work(clientOf(address, made.key, signal))
    } finally {
      await stopKey(rooms, maker, 'api', made.keyId)
    }
  } finally {
    await rooms.close()
  }
}

const clientOf = (address: string, key: string, signal: AbortSignal): ApiClient => ({
  call: async (method, path, shape, body) => {
    let answer: Response
    try {
      answer = await fetch(`${address}${path}`, {
        method,
        signal,
        headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': body.type }) },
        ...(body === undefined ? {} : { body: body.content, duplex: 'half' as const }),
      })
    } catch (error) {
      signal.throwIfAborted()
      throw new OperatorError(`Nothing answers at ${address}. Is the server running?`, { cause: error })
    }
    const content: unknown = await answer.json().catch(() => null)
    if (answer.ok) return shape.parse(content)
    const refusal = errorEnvelope.safeParse(content).data?.error
    throw new OperatorError(
      refusal === undefined
        ? `${method} ${path} was answered with ${answer.status}.`
        : `${refusal.message} ${refusal.remedy ?? ''}`,
    )
  },
})
