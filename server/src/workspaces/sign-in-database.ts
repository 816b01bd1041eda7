import type { BetterAuthOptions, DBAdapter, DBTransactionAdapter, Where } from 'better-auth'
import { getAdapter } from 'better-auth/db/adapter'
import type { Postgres, Tx } from '../stores/index.ts'
import { hashSecret } from './access-key.ts'

/**
 * The sign-in library's tables, reached by the one function that opens transactions, with session tokens hashed at
 * rest: the library itself would keep what the cookie carries in plain text. It never sees a hash, because each
 * answer gets back the token it was asked with; lists of a user's sessions hold hashes, which open nothing.
 */
export const signInDatabase =
  (postgres: Postgres) =>
  (options: BetterAuthOptions): DBAdapter => {
    const on = async (tx: Tx): Promise<DBTransactionAdapter> =>
      hashingSessionTokens(await getAdapter({ ...options, database: { db: tx, type: 'postgres', transaction: false } }))
    const inside = <Result>(work: (adapter: DBTransactionAdapter) => Promise<Result>): Promise<Result> =>
      postgres.inGlobal(async (tx) => work(await on(tx)))
    return {
      id: 'baton',
      create: (args) => inside((adapter) => adapter.create(args)),
      findOne: (args) => inside((adapter) => adapter.findOne(args)),
      findMany: (args) => inside((adapter) => adapter.findMany(args)),
      count: (args) => inside((adapter) => adapter.count(args)),
      update: (args) => inside((adapter) => adapter.update(args)),
      updateMany: (args) => inside((adapter) => adapter.updateMany(args)),
      delete: (args) => inside((adapter) => adapter.delete(args)),
      deleteMany: (args) => inside((adapter) => adapter.deleteMany(args)),
      consumeOne: (args) => inside((adapter) => adapter.consumeOne(args)),
      incrementOne: (args) => inside((adapter) => adapter.incrementOne(args)),
      transaction: (work) => inside(work),
    }
  }

export const hashToken = (token: string): string => hashSecret(token).toString('hex')

const hashingSessionTokens = (adapter: DBTransactionAdapter): DBTransactionAdapter => ({
  ...adapter,
  create: async (args) => {
    const token = args.model === 'session' && 'token' in args.data ? args.data.token : undefined
    if (typeof token !== 'string') return adapter.create(args)
    return withToken(
      await adapter.create({ ...args, data: Object.assign({}, args.data, { token: hashToken(token) }) }),
      token,
    )
  },
  findOne: async (args) => withToken(await adapter.findOne(hashedWhere(args)), askedToken(args)),
  findMany: (args) => adapter.findMany(hashedWhere(args)),
  count: (args) => adapter.count(hashedWhere(args)),
  update: async (args) => withToken(await adapter.update(hashedWhere(args)), askedToken(args)),
  updateMany: (args) => adapter.updateMany(hashedWhere(args)),
  delete: (args) => adapter.delete(hashedWhere(args)),
  deleteMany: (args) => adapter.deleteMany(hashedWhere(args)),
  consumeOne: async (args) => withToken(await adapter.consumeOne(hashedWhere(args)), askedToken(args)),
  incrementOne: async (args) => withToken(await adapter.incrementOne(hashedWhere(args)), askedToken(args)),
})

const isToken = (model: string, condition: Where): boolean => model === 'session' && condition.field === 'token'

const hashedWhere = <Args extends { readonly model: string; readonly where?: Where[] | undefined }>(
  args: Args,
): Args =>
  args.where === undefined
    ? args
    : { ...args, where: args.where.map((each) => (isToken(args.model, each) ? hashedCondition(each) : each)) }

const hashedCondition = (condition: Where): Where => {
  if (typeof condition.value === 'string') return { ...condition, value: hashToken(condition.value) }
  if (Array.isArray(condition.value))
    return { ...condition, value: condition.value.map((each) => hashToken(String(each))) }
  return condition
}

const askedToken = (args: { readonly model: string; readonly where: Where[] }): string | undefined => {
  const asked = args.where.find((each) => isToken(args.model, each))?.value
  return typeof asked === 'string' ? asked : undefined
}

const withToken = <Row>(row: Row, token: string | undefined): Row =>
  row === null || row === undefined || token === undefined ? row : Object.assign(row, { token })
