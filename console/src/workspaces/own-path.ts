/** Where to go after sign-in: a path of this console. Anything else (another site, `//host`, `/\host`) leads home. */
export const ownPath = (wanted: unknown): string =>
  typeof wanted === 'string' && /^\/(?![/\\])/.test(wanted) ? wanted : '/'
