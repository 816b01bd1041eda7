/** Ids, clock, money, errors, must, crash points: plain values, no input or output. */
export * from './clock.ts'
export * from './crash-point.ts'
export * from './errors.ts'
export * from './ids.ts'
export * from './money.ts'
export * from './must.ts'
export * from './written-amount.ts'
export * from './written-day.ts'
