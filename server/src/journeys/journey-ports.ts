import type { SimulatedPerson } from '@baton/contract'
import { isObject } from '../collect/index.ts'
import type { Content } from '../content/index.ts'
import { UserError } from '../http/index.ts'
import { brandAs, type PersonId, type TemplateId, type WorkspaceId } from '../kernel/index.ts'
import { countsByStep, type Messages } from '../messages/index.ts'
import type { People } from '../people/index.ts'
import type { Planning } from '../planning/index.ts'
import type { Policy } from '../policy/index.ts'
import type { MembershipChange, Segments } from '../segments/index.ts'
import type { JourneyPorts } from './ports.ts'

/** The rooms above, as journeys need them. */
export const journeyPorts = (rooms: {
  readonly people: Pick<People, 'feed' | 'personsOf' | 'subjectsOf'>
  readonly segments: Segments
  readonly messages: Pick<Messages, 'plan'>
  readonly content: Pick<Content, 'get'>
  readonly planning: Pick<Planning, 'phaseOwner'>
  readonly policy: Pick<Policy, 'rehearse'>
}): JourneyPorts => {
  const { people, segments, messages, content, planning, policy } = rooms
  return {
    people,
    membership: {
      ...segments,
      changesAfter: async (...asked) =>
        (await segments.changesAfter(...asked)).map((change) => ({ ...change, isHistoric: isHistoric(change) })),
    },
    rules: {
      put: async (tx, workspaceId, rules, at) => {
        const owned = rules.map((rule) => ({ ...rule, ownerKind: 'journey' as const }))
        await segments.putRules(tx, workspaceId, owned, at)
      },
      mayChange: segments.mayChangeRules,
      retire: segments.retireRules,
      problem: segments.problem,
    },
    messages: { plan: messages.plan, countsByStep },
    publishing: {
      phaseOwner: planning.phaseOwner,
      templates: async (workspaceId, templateIds) => {
        const found = await Promise.all(
          templateIds.map(async (id) => ((await isThere(content, workspaceId, id)) ? [id] : [])),
        )
        return new Set(found.flat())
      },
    },
    rehearsal: {
      rules: (workspaceId, about, rules) => segments.suppose(workspaceId, known(about), rules),
      policy: (workspaceId, about, from) => policy.rehearse(workspaceId, known(about), from),
    },
  }
}

const known = (about: SimulatedPerson) =>
  about.kind === 'made' ? about : { kind: 'real' as const, personId: brandAs<PersonId>(about.personId) }

const isHistoric = ({ evidence }: MembershipChange): boolean =>
  isObject(evidence) && Object.hasOwn(evidence, 'historic') && evidence.historic === true

const isThere = (content: Pick<Content, 'get'>, workspaceId: WorkspaceId, templateId: TemplateId): Promise<boolean> =>
  content.get(workspaceId, templateId).then(
    () => true,
    (error: unknown) => {
      if (error instanceof UserError && error.code === 'not-found') return false
      throw error
    },
  )
