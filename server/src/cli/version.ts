import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The project's root folder. */
export const root = join(import.meta.dirname, '..', '..', '..')

export const version: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version
