import type { JourneyDraft } from '@baton/contract'
import { describe, expect, it } from 'vitest'
import { brandAs, hourMs, minuteMs, type WorkspaceId } from '../kernel/index.ts'
import { galleryFor } from './gallery.ts'
import { abandonedCart, templateId } from './journey-fixture.ts'
import { publishImpact } from './publish-impact.ts'
import { readDraft } from './validate-draft.ts'

const mail = { id: 'mail', kind: 'message', templateId, channel: 'email', topic: 't', next: null }
const draftOf = (change: object): JourneyDraft => ({ ...abandonedCart, ...change }) as JourneyDraft
const wrong = (change: object) =>
  readDraft(draftOf(change)).problems.map(({ code, stepId, field }) => [code, stepId, field])

describe('a draft', () => {
  it('that is whole has no problems', () => {
    expect(readDraft(draftOf({})).problems).toEqual([])
  })

  const cases: [string, object, unknown[]][] = [
    ['without steps', { steps: [] }, ['no-steps', null, 'steps']],
    ['without a start', { start: null }, ['missing-start', null, 'start']],
    ['whose start does not exist', { start: 'nowhere' }, ['missing-start', null, 'start']],
    [
      'with a step that does not say what comes next',
      { start: 'a', steps: [{ id: 'a', kind: 'delay', forMs: 1 }] },
      ['missing-next', 'a', 'next'],
    ],
    [
      'with a step that leads nowhere',
      { start: 'a', steps: [{ id: 'a', kind: 'delay', forMs: 1, next: 'b' }] },
      ['missing-next', 'a', 'next'],
    ],
    [
      'with a message without a template',
      { start: 'mail', steps: [{ ...mail, templateId: undefined }] },
      ['missing-template', 'mail', 'templateId'],
    ],
    ['with two steps of one id', { start: 'mail', steps: [mail, mail] }, ['duplicate-step', 'mail', 'id']],
    [
      'with a step nobody can come to',
      { start: 'mail', steps: [mail, { ...mail, id: 'lost' }] },
      ['unreachable-step', 'lost', null],
    ],
    [
      'that goes round without a wait',
      {
        start: 'mail',
        steps: [
          { ...mail, next: 'a' },
          { id: 'a', kind: 'delay', forMs: minuteMs - 1, next: 'mail' },
        ],
      },
      ['cycle-without-wait', 'mail', null],
    ],
    ['of an unknown kind of step', { start: 'a', steps: [{ id: 'a', kind: 'telepathy' }] }, ['invalid', 'a', 'kind']],
    [
      'that compares with a key the entry does not have',
      { entry: { kind: 'event', event: 'Product Added' } },
      ['key-without-entry-key', 'wait', 'keyPath'],
    ],
    [
      'whose goal does so',
      { entry: { kind: 'event', event: 'x' }, start: 'mail', steps: [mail], goal: { event: 'y', keyPath: 'z' } },
      ['key-without-entry-key', null, 'goal.keyPath'],
    ],
  ]
  it.each(cases)('%s names the step and the field', (_name, change, expected) => {
    expect(wrong(change)).toContainEqual(expected)
  })

  it('that goes round with a wait is fine', () => {
    expect(
      wrong({
        start: 'mail',
        steps: [
          { ...mail, next: 'a' },
          { id: 'a', kind: 'delay', forMs: minuteMs, next: 'mail' },
        ],
      }),
    ).toEqual([])
  })

  it('of the gallery lacks nothing but templates', () => {
    for (const { draft } of galleryFor(brandAs<WorkspaceId>('w'))) {
      const open = draft.steps.filter((step) => step.kind === 'message' && step.templateId === undefined)
      expect(readDraft(draft).problems.map(({ code, stepId }) => [code, stepId])).toEqual(
        open.map(({ id }) => ['missing-template', id]),
      )
      const chosen = {
        ...draft,
        steps: draft.steps.map((step) => (step.kind === 'message' ? { ...step, templateId } : step)),
      }
      expect(readDraft(chosen).problems).toEqual([])
    }
  })
})

describe('the impact of publishing', () => {
  const inside = { version: 1, definition: abandonedCart, active: 3, waiting: new Map([['wait', 3]]) }
  const [wait, ...rest] = abandonedCart.steps
  if (wait?.kind !== 'wait-for-event') throw new Error('the cart waits first')

  it('says who waits at a step that changes, and that they finish on their version', () => {
    const draft = { ...abandonedCart, steps: [{ ...wait, timeoutMs: 2 * hourMs }, ...rest] }
    expect(publishImpact([inside], draft)).toEqual({
      inside: 3,
      steps: [
        {
          version: 1,
          stepId: 'wait',
          title: 'Wait for an event',
          change: 'changed',
          waiting: 3,
          outcome: 'All 3 stay on version 1 with this step as it was; only who enters from now on meets the new one.',
        },
      ],
    })
  })

  it('says who waits at a step that goes, and nothing about steps where nobody is', () => {
    const draft = { ...abandonedCart, start: 'mail', steps: rest }
    expect(publishImpact([inside], draft).steps).toMatchObject([{ stepId: 'wait', change: 'removed' }])
    expect(publishImpact([{ ...inside, waiting: new Map() }], draft)).toEqual({ inside: 3, steps: [] })
  })
})
