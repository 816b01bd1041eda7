const isId = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(value)

/** What an event was about, in a line: its words where somebody wrote, else three of its facts; ids say nothing to a reader. */
export const eventSummary = (properties: Readonly<Record<string, unknown>>): string => {
  const { text } = properties
  if (typeof text === 'string' && text.trim() !== '') return `“${text.trim()}”`
  return Object.values(properties)
    .filter((value) => (typeof value === 'string' || typeof value === 'number') && !isId(value))
    .slice(0, 3)
    .join(' · ')
}
