/** One line of JSON a finding, begun by `fault-report`: `npm run test:long | grep ^fault-report` is the summary. */
export const tell = (what: string, finding: object): void => {
  process.stdout.write(`\nfault-report ${JSON.stringify({ what, ...finding })}\n`)
}
