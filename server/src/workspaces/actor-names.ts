import type { Tx } from '../stores/index.ts'
import { findKeyNames } from './key-store.ts'
import { findNames } from './user-store.ts'

const idOf = (kind: string, actor: string): readonly string[] =>
  actor.startsWith(`${kind}:`) ? [actor.slice(kind.length + 1)] : []

/** What each actor is called: a member by name, a key as it was named, others by what kind of actor they are. */
export const namesOfActors = async (tx: Tx, actors: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const users = await findNames(
    tx,
    actors.flatMap((actor) => idOf('user', actor)),
  )
  const keys = await findKeyNames(
    tx,
    actors.flatMap((actor) => idOf('key', actor)),
  )
  const nameOf = (actor: string): string => {
    const [userId = ''] = idOf('user', actor)
    const [keyId = ''] = idOf('key', actor)
    const key = keys.get(keyId)
    return users.get(userId) ?? (key === undefined ? undefined : `key “${key}”`) ?? actor.split(':', 1)[0] ?? actor
  }
  return new Map(actors.map((actor) => [actor, nameOf(actor)] as const))
}
