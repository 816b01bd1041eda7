import type { Tx } from '../stores/index.ts'
import { findNames } from './user-store.ts'

const userIdOf = (actor: string): string | null => (actor.startsWith('user:') ? actor.slice('user:'.length) : null)

/** What each actor is called: a member by name, others by what kind of actor they are. */
export const namesOfActors = async (tx: Tx, actors: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const found = await findNames(
    tx,
    actors.flatMap((actor) => userIdOf(actor) ?? []),
  )
  return new Map(
    actors.map((actor) => [actor, found.get(userIdOf(actor) ?? '') ?? actor.split(':', 1)[0] ?? actor] as const),
  )
}
