import { z } from 'zod'
import { brandAs, must, type WorkspaceId } from '../../server/src/kernel/index.ts'

/** A workspace as its first user made it, with a key for sending events and her way into the API. */
export interface Operation {
  readonly workspaceId: WorkspaceId
  readonly writeKey: string
  /** A text is sent as the type it names, anything else as JSON. */
  call(method: 'GET' | 'POST' | 'PUT', path: string, body?: object | Typed): Promise<unknown>
}

export interface Typed {
  readonly type: string
  readonly text: string
}
const isTyped = (body: object): body is Typed => 'type' in body && 'text' in body

const madeKey = z.object({ key: z.string() })
const signedIn = z.object({ workspaces: z.array(z.object({ id: z.string() })) })

/** Makes the first user and her workspace over HTTP, as the console does. The server's address may change later. */
export const foundOperation = async (addressNow: () => string, firstRunToken: string | null): Promise<Operation> => {
  const address = addressNow()
  const first = await fetch(`${address}/v1/first-run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({
      token: must(firstRunToken, 'nobody can sign in yet'),
      name: 'Ann',
      email: 'ann@toys.example',
      password: 'a few words do well',
      workspace: { name: 'Toys', currency: 'EUR', timeZone: 'UTC' },
    }),
  })
  if (!first.ok) throw new Error(`The first run was refused: ${await first.text()}`)
  const cookie = must(first.headers.get('set-cookie')?.split(';', 1)[0], 'the first run signs in')
  const call = async (method: string, path: string, body?: object | Typed): Promise<unknown> => {
    const typed = body && (isTyped(body) ? body : { type: 'application/json', text: JSON.stringify(body) })
    const answer = await fetch(`${addressNow()}${path}`, {
      method,
      headers: { cookie, origin: addressNow(), ...(typed ? { 'content-type': typed.type } : {}) },
      ...(typed ? { body: typed.text } : {}),
    })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  const { workspaces } = signedIn.parse(await call('GET', '/v1/session'))
  const { key } = madeKey.parse(await call('POST', '/v1/write-keys', { name: 'faults' }))
  const { id } = must(workspaces[0], 'she made one')
  return { workspaceId: brandAs<WorkspaceId>(id), writeKey: key, call }
}
