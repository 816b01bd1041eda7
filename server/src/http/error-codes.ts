/**
 * Every error the API answers with: its status and what it means. `docs/guides/errors.md` is this table;
 * a test keeps table, code and guide equal.
 */
export const errorCodes = {
  'invalid-input': [400, 'The request does not have the shape this route takes; `details` names each field.'],
  'invalid-json': [400, 'The body is not JSON.'],
  'invalid-cursor': [400, 'The cursor was not made by this list. Start again without one.'],
  'workspace-required': [400, 'The signed-in user is in several workspaces: name one in the header `baton-workspace`.'],
  unauthenticated: [401, 'No session and no valid API key came with the request.'],
  'sign-in-failed': [401, 'E-mail and password do not belong together. Which of the two is wrong is not said.'],
  forbidden: [403, 'Who asks may not do this; `details.permission` names what is missing.'],
  'cross-origin': [403, 'A page of another site tried to act with this browser’s session.'],
  'token-invalid': [403, 'The first-run token or invitation is wrong, used or too old.'],
  'not-found': [404, 'There is no such thing here, or not in this workspace.'],
  conflict: [409, 'The state of things does not allow it; the message says which.'],
  'too-large': [413, 'The body is larger than this route takes.'],
  'unsupported-media-type': [415, 'This route does not take that content type.'],
  'too-many-attempts': [429, 'Too many attempts; wait for the seconds in `Retry-After`.'],
  internal: [500, 'Something of ours broke. The log has the details under the request id.'],
  unavailable: [503, 'A part of Baton is not there just now; try again shortly.'],
} as const satisfies Record<string, readonly [status: number, meaning: string]>

export type ErrorCode = keyof typeof errorCodes

export const statusOf = (code: ErrorCode): number => errorCodes[code][0]

/** The guide's text, written by `vitest run --project unit server/src/http/error-codes.test.ts -u`. */
export const errorsGuide = (): string => {
  const rows = Object.entries(errorCodes).map(([code, [status, meaning]]) => `| \`${code}\` | ${status} | ${meaning} |`)
  return `# Errors

Every error is \`{ "error": { "code", "message", "remedy"?, "details"? } }\`. The code is stable, the message is for people,
the remedy says what to do. Each answer but those of the collect routes carries its \`request-id\`, under which the server's log has it.

| code | status | meaning |
|---|---|---|
${rows.join('\n')}

The collect routes keep Segment's contract instead: 200 for everything but an oversize body or invalid JSON (400), a key that
is unknown or revoked (401, \`unknown-write-key\`), a server that is behind (429 with \`Retry-After\`, \`busy\`), or events that could not be
stored (503, \`not-stored\`).
`
}
