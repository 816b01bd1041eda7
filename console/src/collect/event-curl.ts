const calls = new Set(['track', 'identify', 'page', 'screen', 'group', 'alias'])

const fields = (raw: unknown): Record<string, unknown> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? { ...raw } : { value: raw }

/** In single quotes for a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** The same event once more, as a command: without its message id, which would make it a duplicate of itself. */
export const eventCurl = (origin: string, writeKey: string, raw: unknown): string => {
  const { messageId: _same, ...event } = fields(raw)
  const type = typeof event.type === 'string' && calls.has(event.type) ? event.type : 'batch'
  const body = type === 'batch' ? { batch: [event] } : event
  return [
    `curl ${origin}/v1/${type}`,
    `-u ${quoted(`${writeKey}:`)}`,
    `-H 'content-type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ')
}
