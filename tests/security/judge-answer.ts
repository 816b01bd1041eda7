import { z } from 'zod'

interface Answer {
  readonly statusCode: number
  readonly body: string
}

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
const codesOfTheDoor = [
  'unauthenticated',
  'unknown-write-key',
  'workspace-required',
  'forbidden',
  'cross-origin',
  'unsupported-media-type',
  'invalid-json',
  'too-large',
  'too-many-attempts',
]

/** Did the request end before the route's own code: by who asked, or by a shape the route does not take? */
export const isStoppedBefore = ({ statusCode, body }: Answer): boolean => {
  if (statusCode < 400 || statusCode === 404 || !body.startsWith('{')) return false
  const said = refusal.safeParse(JSON.parse(body)).data?.error
  if (said === undefined) return false
  return codesOfTheDoor.includes(said.code) || said.message.includes('does not have the shape this route takes')
}

/** What an answer says, but for what differs from each to the next: ids, tokens, numbers and what the request named. */
export const outlineOf = ({ statusCode, body }: Answer, named: readonly string[]): string => {
  const outline = named.reduce((text, each) => text.replaceAll(each, 'named'), body)
  return `${statusCode} ${outline.replaceAll(/[\w-]{20,}/g, 'named').replaceAll(/\d+/g, '0')}`
}
