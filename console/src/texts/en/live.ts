/** The words of the live pages. */
export const live = {} as const
