import { z } from 'zod'
import { errorEnvelope, jsonObject } from './common.ts'

/**
 * What the collect routes read as an event: Segment's spec, a little wider, as the SDKs send it. Whatever fits is taken
 * in as an event. What does not fit is answered 200 all the same: it is read as far as it can be, or kept with the
 * reason why it could not (GET /v1/events). A body in the log is the bytes that were sent, so nothing here runs there.
 */
const idText = z.string().regex(/^\s*\S(?:[\s\S]{0,254}\S)?\s*$/)
const presentId = z.union([idText, z.number()])
const absent = z.union([z.null(), z.literal('')])
/** 1 to 256 characters without the blanks around them; a number is read as its text. */
const id = z.union([presentId, absent]).optional()
const time = z
  .union([z.string().refine((text) => Date.parse(text) >= 0), z.number().min(0).max(8.64e15), absent])
  .optional()
  .describe('ISO 8601 or ms since 1970, of which a fraction is cut off')
const openObject = jsonObject.nullish()

const everyCall = {
  messageId: id.describe(
    'Sent twice, it counts once. Left out: made by Baton, so that nothing can be sent twice safely',
  ),
  userId: id,
  anonymousId: id,
  timestamp: time,
  originalTimestamp: time,
  sentAt: time.describe('When the sender’s clock said it was sent: sets its clock right'),
  context: openObject,
  integrations: openObject,
  writeKey: z.string().optional().describe('In place of the header, for callers that can send none'),
}
const someId = z.union([z.looseObject({ userId: presentId }), z.looseObject({ anonymousId: presentId })])

const callOf = <Type extends string, Fields extends z.core.$ZodLooseShape>(type: Type, fields: Fields) =>
  z.intersection(z.looseObject({ type: z.literal(type).optional(), ...everyCall, ...fields }), someId)

export const identifyCall = callOf('identify', { traits: openObject }).meta({ id: 'IdentifyCall' })
export const trackCall = callOf('track', {
  event: z.string().max(200).regex(/\S/),
  properties: openObject,
}).meta({ id: 'TrackCall' })
export const pageCall = callOf('page', { name: z.string().nullish(), properties: openObject }).meta({ id: 'PageCall' })
export const screenCall = callOf('screen', { name: z.string().nullish(), properties: openObject }).meta({
  id: 'ScreenCall',
})
export const groupCall = callOf('group', { groupId: id, traits: openObject }).meta({ id: 'GroupCall' })
export const aliasCall = callOf('alias', { userId: presentId, previousId: presentId }).meta({ id: 'AliasCall' })

const named = <Type extends string>(type: Type) => z.looseObject({ type: z.literal(type) })
const batchedCall = z.union([
  z.intersection(named('identify'), identifyCall),
  z.intersection(named('track'), trackCall),
  z.intersection(named('page'), pageCall),
  z.intersection(named('screen'), screenCall),
  z.intersection(named('group'), groupCall),
  z.intersection(named('alias'), aliasCall),
])
export const batchCall = z
  .looseObject({
    batch: z.array(batchedCall),
    sentAt: time.describe('Stands for the sentAt of every event that names none'),
    writeKey: everyCall.writeKey,
  })
  .meta({ id: 'BatchCall' })

/** The bodies of the collect routes, by their names. */
export const collectCalls = {
  identify: identifyCall,
  track: trackCall,
  page: pageCall,
  screen: screenCall,
  group: groupCall,
  alias: aliasCall,
  batch: batchCall,
} as const

/** Committed: every event of the request is in the log. */
export const collected = z.object({ success: z.literal(true) })

const refused = <Code extends string>(...codes: [Code, ...Code[]]) =>
  z.intersection(errorEnvelope, z.looseObject({ error: z.looseObject({ code: z.enum(codes) }) }))
/** The collect routes keep Segment's contract, so their errors are their own. */
export const collectRefusals = {
  400: refused('too-large', 'invalid-json'),
  401: refused('unknown-write-key'),
  429: refused('busy'),
  503: refused('not-stored'),
} as const

/** What analytics-next asks for before it sends anything. */
export const sdkSettings = z.object({
  integrations: z.object({
    'Segment.io': z.object({ apiKey: z.string(), apiHost: z.string(), protocol: z.enum(['http', 'https']) }),
  }),
  plan: z.object({}),
})
export const sdkSettingsRefusals = { 404: refused('unknown-write-key'), 503: collectRefusals[503] } as const
