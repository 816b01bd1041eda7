/** The words of the settings pages. */
export const settings = {} as const
