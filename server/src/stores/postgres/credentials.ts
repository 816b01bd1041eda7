import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { OperatorError } from '../../kernel/index.ts'

const credentials = z.object({ admin: z.string(), owner: z.string(), app: z.string() })
/** Passwords of the embedded server's three roles. */
export type Credentials = z.infer<typeof credentials>

/** Read from the file, or made and written there, for our eyes only. */
export const keptCredentials = (file: string): Credentials => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    const password = () => randomBytes(24).toString('base64url')
    const made = { admin: password(), owner: password(), app: password() }
    writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
    return made
  }
  chmodSync(file, 0o600)
  const read = credentials.safeParse(JSON.parse(text))
  if (!read.success)
    throw new OperatorError(`${file} can't be read as the embedded PostgreSQL's passwords. Restore it from a backup.`)
  return read.data
}
