import type { LifeCycleDefinition } from '@baton/contract'
import type { DescribedRoute } from './described-routes.ts'
import type { ByHand } from './valid-requests.ts'
import type { Told } from './valid-values.ts'

const template = { name: 'Orchard', subject: 'Hi', mjml: '<mjml><mj-body></mj-body></mjml>', topic: 'offers' }

const bought = { kind: 'event-count', event: 'Order Completed', is: 'at-least', value: 1 }
const inSegment = (segmentId: string) => ({ kind: 'segment', segmentId })

/** A draft that could be published, but for the things of somebody else that it names. */
const draftNaming = (id: string) => ({
  entry: { kind: 'segment', segmentId: id, on: 'enter', reentry: 'after-exit' },
  start: 'choice',
  steps: [
    {
      id: 'choice',
      title: 'Choice',
      kind: 'branch',
      branches: [{ label: 'In it', when: inSegment(id), next: 'mail' }],
      otherwise: null,
    },
    { id: 'mail', title: 'Mail', kind: 'message', templateId: id, channel: 'email', topic: 'offers', next: null },
  ],
  phase: 'loyalty',
  purpose: 'inform',
})

/** The life cycle as it is, with whoever is in that segment in the second state of each track. */
const lifeCycleNaming = (id: string, lifeCycle: LifeCycleDefinition) => ({
  ...lifeCycle,
  tracks: lifeCycle.tracks.map((track) => ({
    ...track,
    states: track.states.map((state, at) => (at === 1 ? { ...state, rule: inSegment(id) } : state)),
  })),
})

/** Parts of requests that the schemas can't tell: files, texts with a shape of their own, open objects, either-or. */
export const requestsByHand = ({ id }: Told, lifeCycle: LifeCycleDefinition): Readonly<Record<string, ByHand>> => {
  const previews = [{ templateId: id }, { templateId: id, personId: id }, { template, personId: id }]
  return {
    'PATCH /v1/workspace': { bodies: [{ name: 'Garden' }] },
    'PATCH /v1/members/{id}': { bodies: [{ role: 'analyst' }] },
    'POST /v1/costs/import': { bodies: [{ csv: 'date,amount,kind\n2026-01-01,5,acquisition\n' }] },
    'PUT /v1/exchange-rates': { bodies: [{ currency: 'USD', base: 'EUR', on: '2026-01-01', rate: 2 }] },
    // Mail stays in the mailbox: no test asks the network.
    'PUT /v1/channels/email': { bodies: [{ smtp: null }] },
    'POST /v1/segments/preview': { bodies: [{ rule: inSegment(id) }, { rule: bought, segmentId: id }] },
    'PUT /v1/life-cycle/definition': { bodies: [lifeCycleNaming(id, lifeCycle)] },
    'POST /v1/templates': { bodies: [template] },
    'PUT /v1/templates/{id}': { bodies: [template] },
    'POST /v1/templates/preview': { bodies: previews },
    'POST /v1/templates/preview/html': { bodies: previews.map((each) => ({ request: JSON.stringify(each) })) },
    'POST /v1/imports': {
      query: { mapping: JSON.stringify({ date: 'date', amount: 'amount', customer: 'customer' }), fileName: 'x.csv' },
      contentType: 'text/csv',
      bodies: [`date,amount,customer\n2026-01-01,5,${id}\n`],
    },
    'POST /v1/journeys': { bodies: [{ name: 'Orchard', draft: draftNaming(id) }] },
    'PUT /v1/journeys/{id}': { bodies: [{ draft: draftNaming(id) }] },
    'POST /v1/inbound/email': {
      contentType: 'message/rfc822',
      bodies: [
        `From: a@example.com\r\nTo: b@example.com\r\nSubject: Re\r\nIn-Reply-To: <${id}@example.com>\r\n\r\nYes\r\n`,
      ],
    },
  }
}

/**
 * First what needs a draft that holds, last what ends a session or a thing: so that whoever asks is somebody, and asks
 * of something that is there, until then.
 */
export const inTurn = (routes: readonly DescribedRoute[]): readonly DescribedRoute[] =>
  routes.toSorted((a, b) => turnOf(a) - turnOf(b))

const turnOf = ({ method, path }: DescribedRoute): number => {
  if (path.endsWith('/simulation')) return 0
  return method === 'DELETE' || /\/(sign-out|erasure|stop)$/.test(path) ? 2 : 1
}
