/** The fields of a flat form that are not as they were before. */
export const changedFields = <Values extends object>(values: Values, before: Values): Partial<Values> => {
  const changed: Partial<Values> = {}
  for (const field in values) if (!Object.is(values[field], before[field])) changed[field] = values[field]
  return changed
}
