import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { readJournal, type Testimony } from './witness-journal.ts'

export interface Witness {
  /** Clients send here. */
  readonly address: string
  /** Mail is handed over here, on 127.0.0.1. */
  readonly smtpPort: number
  /** Where the server listens now. */
  watch(serverAddress: string): void
  /** Everything written down up to this instant. */
  testimony(): Testimony
}

const ports = z.object({ proxyPort: z.int(), smtpPort: z.int() })

/** Another file system than that of the data folders, where this machine has one. */
const placeOfJournals = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Starts the witness: a process and a folder of its own, so that no fault of the server's can reach what it saw. */
export const startWitness = async (): Promise<Witness> => {
  const folder = mkdtempSync(join(placeOfJournals, 'baton-witness-'))
  const journal = join(folder, 'journal')
  const child = fork(join(import.meta.dirname, 'witness-process.ts'), [journal], { stdio: 'inherit' })
  onTestFinished(async () => {
    const gone = once(child, 'exit')
    child.disconnect()
    await gone
    rmSync(folder, { recursive: true, force: true })
  })
  const [told]: unknown[] = await once(child, 'message')
  const { proxyPort, smtpPort } = ports.parse(told)
  return {
    address: `http://127.0.0.1:${proxyPort}`,
    smtpPort,
    watch: (serverAddress) => child.send({ port: Number(new URL(serverAddress).port) }),
    testimony: () => readJournal(journal),
  }
}
