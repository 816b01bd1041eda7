/** The words of the journeys pages. */
export const journeys = {} as const
