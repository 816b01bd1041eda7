/** The words of the costs pages. */
export const costs = {} as const
