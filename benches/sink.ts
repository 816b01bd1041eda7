import { SMTPServer } from 'smtp-server'

/** A mail server on loopback that takes everything and says when each mail was complete, by the first word of its subject. */
export const startSink = async (arrived: (key: string, at: number) => void) => {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      let head = ''
      stream.on('data', (part: Buffer) => {
        if (head.length < 4_000) head += part.toString('latin1')
      })
      stream.on('end', () => {
        const subject = /^Subject: *(\S+)/im.exec(head)?.[1]
        if (subject) arrived(subject, performance.timeOrigin + performance.now())
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { port, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}
