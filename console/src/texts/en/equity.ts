/** The words of the equity pages. */
export const equity = {} as const
