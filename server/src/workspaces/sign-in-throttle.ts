import { createHash } from 'node:crypto'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { UserError } from '../http/index.ts'

/**
 * Slows down guessing: 5 failures for an account from one address, or 60 from an address, in 15 minutes. By account
 * alone nothing is locked, so that nobody can lock somebody else out. Counted in each api process.
 */
export interface SignInThrottle {
  /** Runs the attempt if it may be made; a refused attempt counts against account and address, a good one clears the account. */
  attempt<Result>(address: string, account: string, work: () => Promise<Result>): Promise<Result>
}

export const failuresPerAccount = 5
export const failuresPerAddress = 60
const windowSeconds = 15 * 60

/** What a failed attempt throws: those count, a broken database does not. */
const isRefusal = (error: unknown): boolean =>
  error instanceof UserError && (error.code === 'sign-in-failed' || error.code === 'token-invalid')

export const createSignInThrottle = (): SignInThrottle => {
  const byAccount = new RateLimiterMemory({ points: failuresPerAccount, duration: windowSeconds })
  const byAddress = new RateLimiterMemory({ points: failuresPerAddress, duration: windowSeconds })
  return {
    attempt: async (address, account, work) => {
      const pair = createHash('sha256').update(`${address} ${account.trim().toLowerCase()}`).digest('base64')
      // Taken before the attempt, so that many at once can't all slip through; given back when it was no refusal.
      await take(byAddress, address)
      await take(byAccount, pair)
      try {
        const result = await work()
        await byAccount.delete(pair)
        await byAddress.reward(address)
        return result
      } catch (error) {
        if (!isRefusal(error)) await Promise.all([byAccount.reward(pair), byAddress.reward(address)])
        throw error
      }
    },
  }
}

const take = async (limiter: RateLimiterMemory, key: string): Promise<void> => {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
    const minutes = Math.ceil(seconds / 60)
    throw new UserError('too-many-attempts', 'Too many attempts from here.', {
      remedy: `Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`,
      retryAfterSeconds: seconds,
    })
  }
}
