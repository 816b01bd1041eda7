import { lookup as resolveName } from 'node:dns/promises'
import { connect as connectSocket, isIP, type Socket } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Why no connection was made: the address is not one that may be reached, or it could not be reached. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly kind: 'forbidden' | 'unreachable'
  constructor(kind: 'forbidden' | 'unreachable', message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

export interface Destination {
  readonly host: string
  readonly port: number
}

/** The one place where connections to the outside are made. Nothing else imports `net`, `tls` or `undici` for that. */
export interface Egress {
  /**
   * Resolves the name once, refuses private and special addresses that configuration does not allow, and connects to the
   * address it checked: a name that changes its mind in between (DNS rebinding) gains nothing.
   */
  connect(to: Destination, options: { signal?: AbortSignal; timeoutMs: number }): Promise<Socket>
  /** The address that `connect` would use; throws as it would. */
  check(to: Destination): Promise<string>
}

export interface EgressDeps {
  /** `host:port` (or `host:*`) that may be reached although it is private: BATON_EGRESS_ALLOW. */
  readonly allow: readonly string[]
  /** Stand-ins for tests: no packet leaves the machine. */
  readonly resolve?: (host: string) => Promise<readonly string[]>
  readonly open?: (address: string, port: number) => Socket
}

export const createEgress = (deps: EgressDeps): Egress => {
  const allowed = new Set(deps.allow.map((one) => one.trim().toLowerCase()).filter((one) => one !== ''))
  const resolve =
    deps.resolve ?? (async (host) => (await resolveName(host, { all: true })).map(({ address }) => address))
  const open = deps.open ?? ((address, port) => connectSocket({ host: address, port }))
  const isAllowed = ({ host, port }: Destination, address: string) =>
    [host.toLowerCase(), address].some((name) => allowed.has(`${name}:${port}`) || allowed.has(`${name}:*`))

  const check: Egress['check'] = async (to) => {
    const host = to.host.replace(/^\[|\]$/g, '')
    const addresses = isIP(host)
      ? [host]
      : await resolve(host).catch((cause: unknown) => {
          throw new EgressError('unreachable', `The name ${host} could not be resolved. Check the host.`, { cause })
        })
    const first = addresses[0]
    if (first === undefined) throw new EgressError('unreachable', `The name ${host} has no address. Check the host.`)
    const forbidden = addresses.find((address) => !isPublic(address) && !isAllowed({ ...to, host }, address))
    if (forbidden !== undefined)
      throw new EgressError(
        'forbidden',
        `${host} leads to ${forbidden}, a private or special address. To allow it, start Baton with BATON_EGRESS_ALLOW=${host}:${to.port}.`,
      )
    return first
  }

  return {
    check,
    connect: async (to, { signal, timeoutMs }) => {
      const address = await check(to)
      signal?.throwIfAborted()
      const socket = open(address, to.port)
      return new Promise((done, failed) => {
        const fail = (message: string, cause?: unknown) => {
          socket.destroy()
          failed(new EgressError('unreachable', `${to.host}:${to.port} ${message}.`, { cause }))
        }
        const timer = setTimeout(() => fail('did not answer in time'), timeoutMs)
        const onAbort = () => fail('was given up')
        signal?.addEventListener('abort', onAbort, { once: true })
        const settle = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
        }
        socket.once('error', (cause) => {
          settle()
          fail('refused the connection', cause)
        })
        socket.once('connect', () => {
          settle()
          socket.removeAllListeners('error')
          done(socket)
        })
      })
    },
  }
}

/** Unicast on the public internet; IPv4 inside IPv6 is looked at as IPv4, tunnels (6to4, NAT64, Teredo) are not public. */
export const isPublic = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address.replace(/%.*$/, ''))
  return parsed.range() === 'unicast'
}
