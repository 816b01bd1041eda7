import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { constants, createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { OperatorError } from '../kernel/index.ts'

const table = z.object({
  name: z.string(),
  kind: z.enum(['workspace', 'global']),
  columns: z.array(z.string()),
  rows: z.int(),
  bytes: z.int(),
  /** Of the rows in PostgreSQL's text format, before compression. */
  sha256: z.string(),
})
export type BackedUpTable = z.infer<typeof table>

const manifest = z.object({
  format: z.literal(1),
  baton: z.string(),
  takenAt: z.string(),
  /** The schema the rows belong to. */
  migrations: z.array(z.string()),
  epoch: z.number(),
  /** Days of the log that have partitions of their own. */
  days: z.array(z.string()),
  sequences: z.array(z.object({ name: z.string(), value: z.string() })),
  tables: z.array(table),
})
/** What a backup holds, with counts and checksums. */
export type Manifest = z.infer<typeof manifest>

const manifestName = 'manifest.json'
const secretName = 'secret'

/** Makes the folder, or refuses one that holds something. */
export const createArchive = (folder: string): void => {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new OperatorError(`${folder} is not empty. Name a folder that does not exist yet.`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

/** The manifest is written last: a folder without one is a backup that did not finish. */
export const writeManifest = (folder: string, content: Manifest, secret: string | null): void => {
  if (secret !== null) writeFileSync(join(folder, secretName), secret, { mode: 0o600, flush: true })
  writeFileSync(join(folder, manifestName), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true })
}

export const readManifest = (folder: string): Manifest => {
  const path = join(folder, manifestName)
  if (!existsSync(path))
    throw new OperatorError(`${folder} is no backup, or one that did not finish: it has no ${manifestName}.`)
  const read = manifest.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!read.success) throw new OperatorError(`${path} can't be read: ${z.prettifyError(read.error)}`)
  return read.data
}

export const readArchivedSecret = (folder: string): string | null => {
  const path = join(folder, secretName)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

const fileOf = (folder: string, name: string): string => join(folder, `${name}.copy.gz`)

export interface TableWriter {
  /** Null, or a promise to wait for when enough is on its way. */
  write(chunk: Buffer): Promise<void> | null
  close(): Promise<{ bytes: number; sha256: string }>
}

export const openTableWriter = (folder: string, name: string): TableWriter => {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED })
  const file = createWriteStream(fileOf(folder, name), { mode: 0o600, flush: true })
  gzip.pipe(file)
  const written = finished(file)
  const hash = createHash('sha256')
  let bytes = 0
  let draining: Promise<void> | null = null
  return {
    write: (chunk) => {
      hash.update(chunk)
      bytes += chunk.length
      if (gzip.write(chunk)) return null
      draining ??= new Promise((resolve) =>
        gzip.once('drain', () => {
          draining = null
          resolve()
        }),
      )
      return draining
    },
    close: async () => {
      // A stream that is ending never says that it has drained, and whoever waits for that would wait for ever.
      await draining
      gzip.end()
      await written
      return { bytes, sha256: hash.digest('hex') }
    },
  }
}

/** The rows of a table; throws at the end when they are not what the manifest says. */
export async function* readTable(folder: string, { name, bytes, sha256 }: BackedUpTable): AsyncGenerator<Buffer> {
  const path = fileOf(folder, name)
  const hash = createHash('sha256')
  let read = 0
  const source = createReadStream(path)
  const unzipped = source.pipe(createGunzip())
  source.on('error', (error) => unzipped.destroy(error))
  for await (const chunk of unzipped) {
    const piece = Buffer.from(chunk)
    hash.update(piece)
    read += piece.length
    yield piece
  }
  if (read !== bytes || hash.digest('hex') !== sha256)
    throw new OperatorError(`${path} is damaged: its content is not what the manifest says. Use another backup.`)
}
