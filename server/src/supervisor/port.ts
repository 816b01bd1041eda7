import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { OperatorError } from '../kernel/index.ts'

export type PortState = { readonly kind: 'free' } | { readonly kind: 'busy' | 'refused'; readonly reason: string }

/** Tries the address by listening on it for an instant. */
export const probePort = async (host: string, port: number): Promise<PortState> => {
  const server = createServer()
  server.listen({ host, port, exclusive: true })
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') return { kind: 'busy', reason: `Another program listens on ${host}:${port}` }
    if (code === 'EACCES') return { kind: 'refused', reason: `Port ${port} needs more rights than this user has` }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      return { kind: 'refused', reason: `This machine has no address ${host}` }
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) }
  }
  server.close()
  await once(server, 'close')
  return { kind: 'free' }
}

/** What to do about a port that can't be had. */
export const portRemedy = (state: Exclude<PortState, { kind: 'free' }>, port: number): string =>
  state.kind === 'busy'
    ? `${state.reason}. Stop it, or start Baton with --port ${port === 65535 ? 4400 : port + 1}.`
    : `${state.reason}. Choose another with --port or --host.`

/** Below those that systems give to outgoing connections: none of them takes it before our api listens. */
const chosenFrom = 20_000
const chosenTo = 32_000

/** A free port for port 0: known before anything starts, because the links in mails name it, and kept over restarts. */
export const choosePort = async (host: string): Promise<number> => {
  for (;;) {
    const port = randomInt(chosenFrom, chosenTo)
    const state = await probePort(host, port)
    if (state.kind === 'free') return port
    if (state.kind === 'refused') throw new OperatorError(portRemedy(state, port))
  }
}
