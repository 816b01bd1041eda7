import { guestPrefix, type ImportedOrder } from './order-events.ts'

/** What a person who has an order is known by, all of hers, also from before a merge. */
export type OrderHolder = readonly { readonly kind: string; readonly value: string }[]

/**
 * Whether an order number stands under somebody else than the row names. Only what both sides tell is compared: by an id
 * here and an address there nobody can say that they are two, so they are taken as one. Nor is a guest of another source
 * whoever the row means.
 */
export const isOfAnother = (
  { customer, email }: Pick<ImportedOrder, 'customer' | 'email'>,
  holder: OrderHolder,
  source: string,
): boolean => {
  const known = (kind: string) => holder.flatMap((each) => (each.kind === kind ? [each.value] : []))
  const [userIds, emails] = [known('userId'), known('email')]
  const isSame = [customer !== null && userIds.includes(customer), email !== null && emails.includes(email)]
  if (isSame.includes(true)) return false
  const isTold = [customer !== null && userIds.length > 0, email !== null && emails.length > 0]
  if (isTold.includes(true)) return true
  const guests = known('anonymousId').filter((value) => value.startsWith(guestPrefix))
  const isGuest = guests.length > 0 && userIds.length === 0 && emails.length === 0
  return isGuest && !guests.some((value) => value.startsWith(`${guestPrefix}${source}:`))
}
