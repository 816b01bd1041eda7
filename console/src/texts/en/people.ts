/** The words of the people pages. */
export const people = {} as const
