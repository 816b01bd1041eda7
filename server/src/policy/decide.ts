import type { PolicyInput } from './policy-input.ts'
import type { Decision } from './policy-rule.ts'
import { policyRules } from './rules/index.ts'

/**
 * Decides one message at `input.now`: the first rule that objects wins; when none does, it is sent. A hold never lasts
 * past the message's deadline: then it is looked at again, and the deadline rule lets it expire.
 */
export const decide = (input: PolicyInput): Decision => {
  for (const rule of policyRules) {
    const objection = rule.object(input)
    if (!objection) continue
    if (objection.kind === 'drop') return { ...objection, rule: rule.name }
    return { ...objection, rule: rule.name, until: Math.min(objection.until, input.message.deadlineAt) }
  }
  return {
    kind: 'send',
    rule: 'all-passed',
    inputs: {
      purpose: input.message.purpose,
      topic: input.message.topic,
      timeZone: input.person.timeZone ?? input.workspaceTimeZone,
    },
    sentence: `No rule objected to this ${input.message.purpose} message on “${input.message.topic}”.`,
    customerSentence: whyYou(input),
  }
}

const whyYou = ({ message, person, settings }: PolicyInput): string => {
  const consent = person.consents.find(({ purpose }) => purpose === message.purpose)
  const topic = settings.topics.find(({ topic }) => topic === message.topic)?.title ?? message.topic
  const about = `It belongs to “${topic}”, which you have not switched off.`
  if (consent?.given) return `You agreed to hear from us on ${day(consent.at)}. ${about}`
  return message.purpose === 'serve' ? `It is about something you ordered or asked us. ${about}` : about
}
const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
