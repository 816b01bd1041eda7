/** What crosses the wire: schemas and types, one file per domain. */
export * from './channel.ts'
export * from './common.ts'
export * from './content.ts'
export * from './journey.ts'
export * from './message.ts'
export * from './policy.ts'
export * from './rule.ts'
