import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import { apiCommand } from './api.ts'
import { doctorCommand } from './doctor.ts'
import { importCommand } from './import.ts'
import { startCommand } from './start.ts'

const ordersCommand = (): Command =>
  must(
    importCommand().commands.find((command) => command.name() === 'orders'),
    'import has orders',
  )

describe('what --help says of --host and --port', () => {
  test.each([
    ['start', startCommand],
    ['api', apiCommand],
  ])('%s listens there', (_name, command) => {
    expect(command().helpInformation()).toMatch(
      /--host <host> +address to listen on[\s\S]*--port <port> +port to listen on/,
    )
  })

  test.each([
    ['doctor', doctorCommand],
    ['import orders', ordersCommand],
  ])('%s asks a server there, and listens nowhere', (_name, command) => {
    const help = command().helpInformation()
    expect(help).toMatch(/--host <host> +host of the server to ask[\s\S]*--port <port> +port of the server to ask/)
    expect(help).not.toContain('listen')
  })
})
