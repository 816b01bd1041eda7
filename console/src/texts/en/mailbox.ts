/** The words of the mailbox pages. */
export const mailbox = {} as const
