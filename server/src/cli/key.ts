import { permission, phaseKey, role as roleSchema, scope as scopeSchema } from '@baton/contract'
import { Command } from 'commander'
import { z } from 'zod'
import { OperatorError } from '../kernel/index.ts'
import { openRooms } from '../main.ts'
import { makeKey } from '../workspaces/index.ts'
import { chooseWorkspace } from './choose-workspace.ts'
import { configOf, withDataOption } from './command-config.ts'
import { withEngines } from './engines-at-hand.ts'

const given = z.object({
  kind: z.enum(['write', 'api'], { error: 'must be write or api' }),
  name: z.string().min(1).max(120),
  role: roleSchema,
  workspace: z.string().optional(),
  phase: z.array(phaseKey).optional(),
  partner: scopeSchema.shape.partner,
  permission: z.array(permission).optional(),
})

export const keyCommand = (): Command =>
  new Command('key').description('Keys for programs').addCommand(
    withDataOption(new Command('create'))
      .description('Make a key; it is printed once and kept hashed')
      .option('--kind <kind>', 'write (may only send events) or api', 'write')
      .option('--name <name>', 'what it is for', 'command line')
      .option('--role <role>', 'what an api key may do', 'developer')
      .option('--phase <phase...>', `an api key changes journeys of these phases only: ${phaseKey.options.join(', ')}`)
      .option('--partner <name>', 'an api key sees and enters costs of this partner only')
      .option('--permission <permission...>', 'an api key may no more than these of what its role may')
      .option('--workspace <id>', 'its workspace; needed when there are several')
      .action(async (options: unknown) => {
        const config = configOf(options)
        const read = given.safeParse(options)
        if (!read.success) throw new OperatorError(z.prettifyError(read.error))
        const { kind, name, role, workspace, phase: phases, partner, permission: permissions } = read.data
        const scope = { phases, partner, permissions }
        if (kind === 'write' && Object.values(scope).some((part) => part !== undefined))
          throw new OperatorError(
            'A write key may only send events: it has no scope. Leave --phase, --partner and --permission out, or make an api key.',
          )
        const key = await withEngines(config, async (connections) => {
          const rooms = await openRooms(config, connections)
          try {
            const only = chooseWorkspace(await rooms.workspaces.list(), workspace)
            const maker = { workspaceId: only.workspaceId, actor: 'system' }
            const draft = { kind, name, role: kind === 'api' ? role : null, scope }
            return (await makeKey(rooms, maker, draft)).key
          } finally {
            await rooms.close()
          }
        })
        process.stdout.write(`${key}\n`)
      }),
  )
