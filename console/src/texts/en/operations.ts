/** The words of the operations pages. */
export const operations = {} as const
