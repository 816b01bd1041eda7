import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface MailSink {
  /** Who got a mail, in the order of their taking. */
  readonly got: readonly string[]
  readonly port: number
  close(): Promise<void>
}

/** A real mail server that notes who got what; `onMail` may keep it waiting or refuse. */
export const startMailSink = async (
  onMail: (to: string) => Promise<Error | null> = async () => null,
): Promise<MailSink> => {
  const got: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      stream.resume()
      stream.on('end', async () => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        const refusal = await onMail(to)
        if (!refusal) got.push(to)
        done(refusal)
      })
    },
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    got,
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise<void>((done) => server.close(() => done())),
  }
}
