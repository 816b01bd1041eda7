import { resolve } from 'node:path'

/** Where the user stands: npm runs a command in the project's folder, and says in INIT_CWD where it was called. */
export const standingIn = (): string => process.env.INIT_CWD ?? process.cwd()

/** The absolute path of a file or folder as it was given to a command: meant from where the user stands. */
export const givenPath = (path: string): string => resolve(standingIn(), path)
