import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../kernel/index.ts'

/** What is kept of an erasure outside of the database: nothing in it says who she was without the installation's secret. */
const keptTombstones = z.object({
  workspaceId: z.uuid(),
  erasureId: z.uuid(),
  personIds: z.array(z.uuid()),
  requestedAt: z.int(),
  /** Of her identifiers, in hex. */
  hashes: z.array(z.string().regex(/^[0-9a-f]{32}$/)),
})
export type KeptTombstones = z.infer<typeof keptTombstones>

export const tombstoneFileOf = (dataFolder: string): string => join(dataFolder, 'erasures.jsonl')

/**
 * Adds erasures to the file, each once; they are on the disk when this resolves. Each begins on a line of its own, whatever a
 * power cut left of the one before.
 */
export const writeTombstones = async (dataFolder: string, erasures: readonly KeptTombstones[]): Promise<void> => {
  const known = new Set((await readTombstoneFile(dataFolder)).map(({ erasureId }) => erasureId))
  const fresh = erasures.filter(({ erasureId }) => !known.has(erasureId))
  if (fresh.length === 0) return
  await mkdir(dataFolder, { recursive: true })
  const file = await open(tombstoneFileOf(dataFolder), 'a', 0o600)
  try {
    await file.appendFile(fresh.map((each) => `\n${JSON.stringify(each)}\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
}

/** None where there is no such file yet. */
export const readTombstoneFile = (dataFolder: string): Promise<readonly KeptTombstones[]> =>
  readTombstones(tombstoneFileOf(dataFolder))

const readTombstones = async (path: string): Promise<readonly KeptTombstones[]> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return parseTombstones(text, path)
}

/** A file that somebody named must be there. */
export const readNamedTombstones = async (path: string): Promise<readonly KeptTombstones[]> =>
  parseTombstones(
    await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new OperatorError(`${path} can't be read. Name the erasures.jsonl of the original's data folder.`, {
        cause,
      })
    }),
    path,
  )

/** A line that was cut short (the power went) was never counted on: the erasure it is of writes it again. */
export const parseTombstones = (text: string, path: string): readonly KeptTombstones[] => {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = keptTombstones.safeParse(parseJson(line))
    if (parsed.success) return [parsed.data]
    if (!line.endsWith('}')) return []
    throw new OperatorError(
      `Line ${index + 1} of ${path} can't be read. It says who was erased and must not come back by a restore: put the file back from a copy, or remove that line.`,
    )
  })
}

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
