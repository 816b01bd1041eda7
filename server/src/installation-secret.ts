import { hkdfSync } from 'node:crypto'
import type { Config } from './config.ts'
import { OperatorError } from './kernel/index.ts'
import type { Postgres } from './stores/index.ts'
import { findSecret, makeSecret } from './supervisor/index.ts'
import { putFirstSecretMark, readSecretMark } from './workspaces/index.ts'

/**
 * The secret that signs sessions and links, hashes who was erased and encrypts channel passwords. PostgreSQL keeps a mark
 * of it, put there by the first start, so that nobody goes on with another one unnoticed. Only a start makes a secret.
 */
type Place = Pick<Config, 'secret' | 'dataFolder'>

/** Not to be turned back: 128 bits of a derived key. */
const markOf = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'mark of the secret of an installation', 16))

/** From the settings, or from the data folder; throws an OperatorError where it is in neither. */
export const secretAtHand = ({ secret, dataFolder }: Place): string => {
  const found = secret ?? findSecret(dataFolder)
  if (found !== null) return found
  throw new OperatorError(
    `The installation's secret is not here: BATON_SECRET is not set, and ${dataFolder} has no file "secret". Set BATON_SECRET to the value that the server has (its unit or its environment says it), or name the server's own folder with --data; then try again.`,
  )
}

/** Throws an OperatorError when the installation works with another secret. Before its first start any will do. */
export const refuseOtherSecret = async (postgres: Postgres, secret: string, { dataFolder }: Place): Promise<void> => {
  const known = await postgres.inGlobal(readSecretMark)
  if (known === null || known.equals(markOf(secret))) return
  throw new OperatorError(
    `The secret is not the one this installation works with. Set BATON_SECRET to the value that the server has (its unit or its environment says it), or put the file "secret" of its data folder or of a backup into ${dataFolder}; then try again. Where it is lost for good, see "The secret" in docs/guides/operate.md.`,
  )
}

/** For who serves: the first one's secret is the installation's, any other is refused. */
export const claimSecret = async (postgres: Postgres, secret: string, place: Place): Promise<void> => {
  await postgres.inGlobal((tx) => putFirstSecretMark(tx, markOf(secret)))
  await refuseOtherSecret(postgres, secret, place)
}

/** For a start: the secret at hand, or a new one in the data folder where nobody has started with one before. */
export const secretForStart = async (postgres: Postgres, place: Place): Promise<string> => {
  const isFirst = (await postgres.inGlobal(readSecretMark)) === null
  const secret = place.secret ?? (isFirst ? makeSecret(place.dataFolder) : secretAtHand(place))
  await claimSecret(postgres, secret, place)
  return secret
}
