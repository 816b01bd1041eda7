/** The words of the lifecycle pages. */
export const lifecycle = {} as const
