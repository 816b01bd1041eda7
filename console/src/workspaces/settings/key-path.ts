export type KeyKind = 'write' | 'api'

/** Where the keys of a kind are listed and made. */
export const keyPath = (kind: KeyKind): string => `/v1/${kind}-keys`
