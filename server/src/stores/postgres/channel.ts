/** What NOTIFY and LISTEN use. */
export const channel = 'baton'
