/** The words of the segments pages. */
export const segments = {} as const
