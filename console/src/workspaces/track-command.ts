/** A first event by curl, as Segment's HTTP API takes it: the write key is the Basic user, the password is empty. */
export const trackCommand = (origin: string, writeKey: string): string =>
  [
    `curl ${origin}/v1/track`,
    `-u '${writeKey}:'`,
    `-H 'content-type: application/json'`,
    `-d '{"userId":"ann","event":"Product Viewed","properties":{"product_id":"p1"}}'`,
  ].join(' \\\n  ')
