import { type Command, Option } from 'commander'
import { z } from 'zod'
import { type Config, readConfig } from '../config.ts'
import { standingIn } from './given-path.ts'

const flags = z.object({
  host: z.string().optional(),
  port: z.string().optional(),
  data: z.string().optional(),
})

/** `--data`, for every command that looks at the data folder. */
export const withDataOption = (command: Command): Command =>
  command.addOption(new Option('--data <folder>', 'where everything is kept (BATON_DATA, default ./.baton)'))

/** `--host` and `--port` as well, for commands that listen. */
export const withListenOptions = (command: Command): Command =>
  withDataOption(command)
    .addOption(new Option('--host <host>', 'address to listen on (BATON_HOST, default 127.0.0.1)'))
    .addOption(new Option('--port <port>', 'port to listen on (BATON_PORT, default 4400)'))

/** `--host` and `--port` as well, for commands that ask a server: its data folder or BATON_URL may name it already. */
export const withServerOptions = (command: Command): Command =>
  withDataOption(command)
    .addOption(
      new Option(
        '--host <host>',
        'host of the server to ask when nothing else names it (BATON_HOST, default 127.0.0.1)',
      ),
    )
    .addOption(
      new Option('--port <port>', 'port of the server to ask when nothing else names it (BATON_PORT, default 4400)'),
    )

/** The settings of this process: environment, then the flags of its command. Paths are meant from where the user stands. */
export const configOf = (options: unknown): Config => readConfig(process.env, flags.parse(options), standingIn())
