import { costs } from './en/costs.ts'
import { equity } from './en/equity.ts'
import { home } from './en/home.ts'
import { imports } from './en/imports.ts'
import { journeys } from './en/journeys.ts'
import { lifecycle } from './en/lifecycle.ts'
import { live } from './en/live.ts'
import { mailbox } from './en/mailbox.ts'
import { messages } from './en/messages.ts'
import { operations } from './en/operations.ts'
import { people } from './en/people.ts'
import { reasons } from './en/reasons.ts'
import { segments } from './en/segments.ts'
import { settings } from './en/settings.ts'
import { shell } from './en/shell.ts'
import { start } from './en/start.ts'
import { ui } from './en/ui.ts'

/** Every text of the console, one file an area; keys are `area.name`. */
export const en = {
  shell,
  ui,
  reasons,
  start,
  home,
  live,
  imports,
  people,
  segments,
  journeys,
  messages,
  mailbox,
  lifecycle,
  equity,
  costs,
  operations,
  settings,
} as const
