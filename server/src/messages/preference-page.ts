import type { Preferences, Topic } from '@baton/contract'
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
<button type="submit">Save</button>
</form>`
}

/** What the form says. A topic that the page did not show stays as it was. */
export const readPreferences = (
  body: Readonly<Record<string, string | readonly string[]>>,
  before: Preferences,
  topics: readonly Topic[],
  now: Instant,
): Preferences => {
  const all = (name: string): readonly string[] => [body[name] ?? []].flat()
  const shown = topics.map(({ topic }) => topic)
  const wanted = all('topic')
  const [pause] = all('pause')
  const days = Number(pause)
  const limit = Number(all('weekly')[0])
  return {
    topicsOff: [
      ...before.topicsOff.filter((one) => !shown.includes(one)),
      ...shown.filter((one) => !wanted.includes(one)),
    ],
    channelsOff: all('channel').includes('email') ? [] : ['email'],
    unsubscribedAll: all('leave').includes('yes'),
    pausedUntil: pause === '0' ? null : pauses.some((one) => one === days) ? now + days * dayMs : before.pausedUntil,
    weeklyLimit: limits.find((one) => one === limit) ?? null,
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
