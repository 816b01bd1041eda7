/** Of the time of all cores: the rest is what clocks can't tell. */
const allBusy = 0.9
/** These do their work on one thread: a core of their own is all they can use. */
const onOneThread: readonly string[] = ['api', 'worker', 'load generator']

/**
 * What bounds a figure, in words, from CPU seconds by process over a time in seconds: all cores, one thread, or
 * something that is waited for. Shares are of all cores' time.
 */
export const boundBy = (
  cpuSeconds: Readonly<Record<string, number>>,
  { seconds, cores }: { readonly seconds: number; readonly cores: number },
): string => {
  const byUse = Object.entries(cpuSeconds).sort(([, a], [, b]) => b - a)
  const percent = (used: number, of: number) => Math.round((100 * used) / of)
  const shares = byUse.map(([name, used]) => `${name} ${percent(used, seconds * cores)} %`).join(', ')
  const busy = byUse.reduce((sum, [, used]) => sum + used, 0)
  if (busy >= allBusy * seconds * cores) return `${namesOf[cores] ?? `all ${cores} cores`}: ${shares}`
  const full = byUse.find(([name, used]) => onOneThread.includes(name) && used >= allBusy * seconds)
  const left = `cores ${percent(busy, seconds * cores)} % busy: ${shares}`
  return full === undefined
    ? `waiting, not the processor (${left})`
    : `one thread: ${full[0]} is busy ${percent(full[1], seconds)} % of the time (${left})`
}

const namesOf: Readonly<Record<number, string>> = { 1: 'the one core', 2: 'both cores' }
