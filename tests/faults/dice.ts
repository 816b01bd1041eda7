/** mulberry32: a fault that was found must be found again by the same seed. */
export interface Dice {
  /** In [0, below). */
  number(below: number): number
  whole(below: number): number
  pick<T>(list: readonly T[]): T | undefined
}

export const createDice = (seed: number): Dice => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (below: number) => Math.floor(next() * below)
  return { number: (below) => next() * below, whole, pick: (list) => list[whole(list.length)] }
}

/** `BATON_FAULT_SEED` repeats a run; else a new one each time, printed with its outcome. */
export const seedOfRun = (): number => Number(process.env.BATON_FAULT_SEED ?? Date.now() % 1_000_000)
