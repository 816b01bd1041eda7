import { z } from 'zod'
import type { Channel } from './channel-seam.ts'
import type { Egress } from './egress.ts'
import {
  createSmtpConnections,
  type SmtpConnections,
  type SmtpTimeouts,
  usualSmtpTimeouts,
} from './smtp-connections.ts'

export const smtpChannelSettings = z.object({
  host: z.string(),
  port: z.int(),
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().nullable(),
  password: z.string().nullable(),
  from: z.object({ name: z.string(), address: z.string() }),
  dkim: z.object({ domain: z.string(), selector: z.string(), privateKey: z.string() }).nullable(),
})
export type SmtpChannelSettings = z.infer<typeof smtpChannelSettings>

/** E-mail by SMTP: unkeyed, so a mail whose end nobody saw is uncertain and stays so. */
export const emailSmtp = (deps: {
  egress: Egress
  timeouts?: SmtpTimeouts
}): Channel<SmtpChannelSettings> & { verify(settings: SmtpChannelSettings, signal: AbortSignal): Promise<void> } => {
  const servers = new Map<string, SmtpConnections>()
  const serverOf = ({ host, port, security, user, password }: SmtpChannelSettings): SmtpConnections => {
    const key = JSON.stringify([host, port, security, user, password])
    const known = servers.get(key)
    if (known) return known
    const server = { host, port, security, user, password }
    const made = createSmtpConnections(deps.egress, server, deps.timeouts ?? usualSmtpTimeouts)
    servers.set(key, made)
    return made
  }
  return {
    key: 'email-smtp',
    title: 'E-mail by SMTP',
    settings: smtpChannelSettings,
    keyed: false,
    concurrency: 8,
    handOver: (mail, settings, signal) => serverOf(settings).send(mail, signal),
    verify: (settings, signal) => serverOf(settings).verify(signal),
    close: async () => {
      for (const server of servers.values()) server.close()
      servers.clear()
    },
  }
}
