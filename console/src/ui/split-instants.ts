const instant = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/

/** A text in parts: `at` is set for those that are an instant in ISO form. */
export const splitInstants = (text: string): readonly { readonly text: string; readonly at: number | null }[] =>
  text
    .split(instant)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, at: instant.test(part) ? Date.parse(part) : null }))
