/**
 * What a connection has been told so far, and the statements that bring it to what the next query wants. Settings
 * stick to a connection, so the same pool asking for the same settings again costs nothing. Pure.
 */
export interface SessionState {
  readonly database: string
  readonly settings: ReadonlyMap<string, string>
}

export interface SessionWishes {
  readonly database: string
  readonly settings: ReadonlyMap<string, string>
  /** Values as ClickHouse's HTTP interface takes them (text in `Escaped` form), by name without `param_`. */
  readonly parameters: ReadonlyMap<string, string>
}

const settingName = /^[a-z_][a-z0-9_]*(\.[a-z0-9_]+)*$/i
const parameterName = /^[a-z_][a-z0-9_]*$/i

export const isSettingName = (name: string): boolean => settingName.test(name) && !name.startsWith('param_')
export const isParameterName = (name: string): boolean => parameterName.test(name)

/** `base` is what a setting goes back to when a query doesn't name it; where base has none, the engine's default. */
export const statementsTowards = (
  current: SessionState,
  wishes: SessionWishes,
  base: ReadonlyMap<string, string>,
): readonly string[] => {
  const changes: string[] = []
  const wanted = new Map([...base, ...wishes.settings])
  for (const [name, value] of wanted)
    if (current.settings.get(name) !== value) changes.push(`${name} = ${literal(value)}`)
  for (const name of current.settings.keys()) if (!wanted.has(name)) changes.push(`${name} = DEFAULT`)
  return [
    ...(current.database === wishes.database ? [] : [`USE ${identifier(wishes.database)}`]),
    ...(changes.length === 0 ? [] : [`SET ${changes.join(', ')}`]),
    ...[...wishes.parameters].map(([name, value]) => `SET param_${name} = ${literal(value)}`),
  ]
}

export const stateAfter = (wishes: SessionWishes, base: ReadonlyMap<string, string>): SessionState => ({
  database: wishes.database,
  settings: new Map([...base, ...wishes.settings]),
})

/** A ClickHouse string literal: backslash and quote are the only characters that need care. */
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
export const identifier = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
