/** How far a command is, on standard error: standard input and signals are left alone, and standard output is the result's. */
export interface ProgressLine {
  start(text: string): void
  /** Further by so many steps. */
  advance(steps: number, text: string): void
  stop(text: string): void
}

const barWidth = 30

/** One line that is written over in a terminal; elsewhere (a file, cron) a line of its own for each further tenth. */
export const progressLine = (
  { max }: { readonly max: number },
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr,
): ProgressLine => {
  let done = 0
  let saidTenths = 0
  const bar = (): string => {
    const filled = Math.round((done / max) * barWidth)
    return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
  }
  const writeOver = (text: string): void => {
    // A line that wraps can't be written over.
    out.write(`\r\u001b[K${`  ${bar()}  ${text}`.slice(0, Math.max(0, (out.columns ?? 80) - 1))}`)
  }
  return {
    start(text) {
      if (out.isTTY) writeOver(text)
      else out.write(`  ${text}\n`)
    },
    advance(steps, text) {
      done = Math.min(max, done + steps)
      if (out.isTTY) return writeOver(text)
      const tenths = Math.floor((done / max) * 10)
      if (tenths <= saidTenths) return
      saidTenths = tenths
      out.write(`  ${tenths * 10} %  ${text}\n`)
    },
    stop(text) {
      out.write(out.isTTY ? `\r\u001b[K  ${text}\n` : `  ${text}\n`)
    },
  }
}
