import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OperatorError } from '../../kernel/index.ts'
import type { PostgresBinaries, ServerUser } from './binaries.ts'
import type { Credentials } from './credentials.ts'
import { idsOf, plainEnvironment } from './server-process.ts'

/** A socket's path may have 107 bytes: a long data folder gets a short one beside it, the same at every start. */
export const makeSocketFolder = (home: string, user: ServerUser | null): string => {
  const inside = join(home, 'socket')
  const fits = Buffer.byteLength(join(inside, '.s.PGSQL.5432.lock')) <= 100
  const short = join(tmpdir(), `baton-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`)
  const chosen = fits ? inside : short
  mkdirSync(chosen, { recursive: true, mode: 0o700 })
  // In a folder that all may write to, somebody else could have made it first, or a link to elsewhere.
  const found = lstatSync(chosen)
  const mine = found.uid === (process.getuid?.() ?? found.uid) || found.uid === user?.uid
  if (!found.isDirectory() || !mine)
    throw new OperatorError(
      `${chosen} is not a folder of ours. Delete it, or choose a shorter data folder with BATON_DATA.`,
    )
  if (user !== null) chownSync(chosen, user.uid, user.gid)
  chmodSync(chosen, 0o700)
  return chosen
}

/** Made beside and renamed, so that a start killed half-way leaves nothing half-made. */
export const initialise = async (
  dataFolder: string,
  home: string,
  binaries: PostgresBinaries,
  user: ServerUser | null,
  passwords: Credentials,
): Promise<void> => {
  if (existsSync(join(dataFolder, 'PG_VERSION'))) return
  const fresh = join(home, 'data.new')
  rmSync(fresh, { recursive: true, force: true })
  const passwordFile = join(home, 'initial-password')
  writeFileSync(passwordFile, `${passwords.admin}\n`, { mode: 0o600 })
  if (user !== null) chownSync(passwordFile, user.uid, user.gid)
  try {
    const made = await finished(
      spawn(
        binaries.initdb,
        [
          `--pgdata=${fresh}`,
          '--username=baton_admin',
          `--pwfile=${passwordFile}`,
          '--auth=scram-sha-256',
          '--encoding=UTF8',
          '--locale=C',
          '--locale-provider=builtin',
          '--builtin-locale=C.UTF-8',
          '--no-instructions',
        ],
        { ...idsOf(user), cwd: '/', env: plainEnvironment, stdio: ['ignore', 'pipe', 'pipe'] },
      ),
    )
    if (made.code !== 0)
      throw new OperatorError(
        `The embedded PostgreSQL could not make its data folder ${fresh}: ${made.output.trim()}. Look at free disk space and the folder's owner.`,
      )
    renameSync(fresh, dataFolder)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

const finished = (child: ChildProcess): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
