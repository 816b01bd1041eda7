import type { PersonPolicyChange, Preferences, Topic } from '@baton/contract'
import { z } from 'zod'
import { html, type Markup } from '../content/index.ts'
import { dayMs, type Instant } from '../kernel/index.ts'

export interface PreferenceView {
  readonly address: string | null
  readonly topics: readonly Topic[]
  readonly preferences: Preferences
  /** Why this message came, in plain words. */
  readonly why: readonly string[]
  readonly now: Instant
  readonly isSaved: boolean
}

const pauses = [7, 30, 90] as const
const limits = [1, 2, 3] as const

/** The customer's own page: topics, channel, cadence, pause, why, and leaving. One form, no script. */
export const preferenceBody = (view: PreferenceView): Markup => {
  const { preferences, topics, why, now } = view
  const isPaused = preferences.pausedUntil !== null && preferences.pausedUntil > now
  const checked = (on: boolean): Markup => (on ? html` checked` : html``)
  const selected = (on: boolean): Markup => (on ? html` selected` : html``)
  return html`${view.isSaved ? html`<p role="status"><strong>Saved.</strong> It holds from now on.</p>` : html``}
<p>This is about mail to ${view.address ?? 'you'}.</p>
<h2>Why did I get this?</h2>
${why.map((sentence) => html`<p>${sentence}</p>`)}
<form method="post">
<fieldset><legend>What I want to hear about</legend>
${topics.map(
  ({
    topic,
    title,
    description,
  }) => html`<label><input type="checkbox" name="topic" value="${topic}"${checked(!preferences.topicsOff.includes(topic))}> ${title}<span class="hint">${description}</span></label>
`,
)}</fieldset>
<fieldset><legend>How</legend>
<label><input type="checkbox" name="channel" value="email"${checked(!preferences.channelsOff.includes('email'))}> By e-mail</label>
<label>At most <select name="weekly"><option value="">as usual</option>${limits.map(
    (limit) => html`<option value="${limit}"${selected(preferences.weeklyLimit === limit)}>${limit} a week</option>`,
  )}</select></label>
<label>Pause <select name="pause"><option value="keep">${isPaused ? html`paused until ${day(preferences.pausedUntil ?? now)}` : html`no pause`}</option>${
    isPaused ? html`<option value="0">end the pause</option>` : html``
  }${pauses.map((days) => html`<option value="${days}">for ${days} days</option>`)}</select></label>
</fieldset>
<fieldset><legend>Leave</legend>
<label><input type="checkbox" name="leave" value="yes"${checked(preferences.unsubscribedAll)}> Send me nothing but answers to what I ordered or asked</label>
</fieldset>
<input type="hidden" name="shown" value="${JSON.stringify(shownOf(preferences, topics))}">
<button type="submit">Save</button>
</form>`
}

/** What the page says of her wishes, so that what she saves is what she changed there. */
const shown = z.object({
  topics: z.record(z.string(), z.boolean()),
  email: z.boolean(),
  leave: z.boolean(),
  weekly: z.int().nullable(),
})
type Shown = z.infer<typeof shown>

const shownOf = (preferences: Preferences, topics: readonly Topic[]): Shown => ({
  topics: Object.fromEntries(topics.map(({ topic }) => [topic, !preferences.topicsOff.includes(topic)])),
  email: !preferences.channelsOff.includes('email'),
  leave: preferences.unsubscribedAll,
  weekly: limits.find((limit) => limit === preferences.weeklyLimit) ?? null,
})

/**
 * What she changed by the form, against what it showed her: she may have left by a mail since. `now`: what a form of
 * before shows that does not say it.
 */
export const readPreferences = (
  body: Readonly<Record<string, string | readonly string[]>>,
  present: { readonly preferences: Preferences; readonly topics: readonly Topic[] },
  now: Instant,
): Pick<PersonPolicyChange, 'preferences' | 'topics'> => {
  const all = (name: string): readonly string[] => [body[name] ?? []].flat()
  const before = shownBefore(all('shown')[0]) ?? shownOf(present.preferences, present.topics)
  const wanted = all('topic')
  const [pause] = all('pause')
  const days = Number(pause)
  const email = all('channel').includes('email')
  const leave = all('leave').includes('yes')
  const weekly = limits.find((limit) => limit === Number(all('weekly')[0])) ?? null
  const topics = Object.entries(before.topics)
  return {
    topics: {
      off: topics.flatMap(([topic, isOn]) => (isOn && !wanted.includes(topic) ? [topic] : [])),
      on: topics.flatMap(([topic, isOn]) => (!isOn && wanted.includes(topic) ? [topic] : [])),
    },
    preferences: {
      ...(email === before.email ? {} : { channelsOff: email ? [] : ['email'] }),
      ...(leave === before.leave ? {} : { unsubscribedAll: leave }),
      ...(weekly === before.weekly ? {} : { weeklyLimit: weekly }),
      ...(pause === '0' ? { pausedUntil: null } : {}),
      ...(pauses.some((one) => one === days) ? { pausedUntil: now + days * dayMs } : {}),
    },
  }
}

const shownBefore = (text: string | undefined): Shown | null => {
  try {
    return shown.safeParse(JSON.parse(text ?? 'null')).data ?? null
  } catch {
    return null
  }
}

const day = (at: Instant): string => new Date(at).toISOString().slice(0, 10)

export const unsubscribeBody = (view: {
  topicTitle: string | null
  preferencesPath: string
}): Markup => html`<p>You are about to leave. Nothing has changed yet.</p>
<form method="post"><input type="hidden" name="scope" value="all">
<button type="submit">Unsubscribe from everything but service</button></form>
${
  view.topicTitle === null
    ? html``
    : html`<form method="post"><input type="hidden" name="scope" value="topic">
<p><button type="submit">Only leave “${view.topicTitle}”</button></p></form>`
}
<p><a href="${view.preferencesPath}">Choose what you get instead</a></p>`
