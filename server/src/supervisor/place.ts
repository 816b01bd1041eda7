import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Something that keeps Baton from starting or working here, and what to do about it. */
export interface Finding {
  readonly what: string
  readonly remedy: string
  /** `wrong` stops a start; `note` does not. */
  readonly weight: 'wrong' | 'note'
}

const neededBytes = 1024 ** 3
const supported = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']

/** Looks at platform, folder, user and disk; empty when all is well. Only embedded engines ask for so much. */
export const inspectPlace = (place: {
  readonly dataFolder: string
  readonly ownsPostgres: boolean
  readonly ownsClickHouse: boolean
  readonly uid: number | null
}): readonly Finding[] => [
  ...(place.ownsPostgres || place.ownsClickHouse ? platformFindings() : []),
  ...folderFindings(place.dataFolder),
  ...(place.ownsPostgres && place.uid === 0 ? traversalFindings(place.dataFolder) : []),
  ...diskFindings(place.dataFolder),
]

const platformFindings = (): Finding[] => {
  const platform = `${process.platform}-${process.arch}`
  if (!supported.includes(platform)) {
    return [
      {
        what: `There are no embedded engines for ${platform}`,
        remedy: 'Set DATABASE_URL and CLICKHOUSE_URL to servers, or use Linux or macOS on x64 or arm64.',
        weight: 'wrong',
      },
    ]
  }
  if (process.platform === 'linux' && usesMusl()) {
    return [
      {
        what: 'This Linux uses musl; the embedded engines are built for glibc',
        remedy: 'Use a glibc system such as Debian, or set DATABASE_URL and CLICKHOUSE_URL to servers.',
        weight: 'wrong',
      },
    ]
  }
  return []
}

const usesMusl = (): boolean => existsSync('/etc/alpine-release')

const folderFindings = (folder: string): Finding[] => {
  const there = nearestExisting(folder)
  if (there === folder && !statSync(folder).isDirectory()) {
    return [{ what: `${folder} is a file, not a folder`, remedy: 'Name a folder with --data.', weight: 'wrong' }]
  }
  try {
    accessSync(there, constants.W_OK | constants.X_OK)
    return []
  } catch {
    return [
      {
        what: `${there} can't be written by this user`,
        remedy: 'Change its owner, or name another folder with --data.',
        weight: 'wrong',
      },
    ]
  }
}

/** Started by root, PostgreSQL runs under another user, who must be able to walk to the data folder. */
const traversalFindings = (folder: string): Finding[] => {
  for (let path = dirname(folder); path !== dirname(path); path = dirname(path)) {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined || (stat.mode & 0o001) !== 0) continue
    return [
      {
        what: `PostgreSQL does not run as root, and the user it runs under can't walk through ${path} to ${folder}`,
        remedy: `Name a folder elsewhere, e.g. --data /var/lib/baton (or allow it: chmod o+x ${path}).`,
        weight: 'wrong',
      },
    ]
  }
  return []
}

const diskFindings = (folder: string): Finding[] => {
  const { bavail, bsize } = statfsSync(nearestExisting(folder))
  const free = bavail * bsize
  if (free >= 2 * neededBytes) return []
  return [
    {
      what: `${Math.round(free / 1024 ** 2)} MB are free on the disk of ${folder}`,
      remedy: 'Make room there, or name a folder on a larger disk with --data.',
      weight: free < neededBytes / 2 ? 'wrong' : 'note',
    },
  ]
}

const nearestExisting = (path: string): string =>
  existsSync(path) || path === dirname(path) ? path : nearestExisting(dirname(path))
