/** The words of the messages pages. */
export const messages = {} as const
