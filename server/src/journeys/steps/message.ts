import { messageStep } from '@baton/contract'
import { declareStep } from '../step-kind.ts'

/** Plans a message and goes on. Whether it is sent is the policy's decision, at the instant of hand-over. */
export const message = declareStep({
  kind: 'message',
  title: 'Send a message',
  description: 'Plans a message to her. Policy decides when it would be handed over: send, hold or drop.',
  schema: messageStep,
  fields: [
    { path: 'templateId', title: 'Template', input: 'template', required: true },
    { path: 'topic', title: 'Topic', input: 'topic', required: true },
    { path: 'next', title: 'Then', input: 'step', required: false },
  ],
  waysOut: (step) => [{ field: 'next', label: 'Then', next: step.next }],
  filters: () => [],
  staysMs: () => 0,
  templates: (step) => [step.templateId],
  perform: (step, { stepNo, at, messageDeadlineMs }) => ({
    kind: 'go',
    to: step.next,
    outcome: 'planned',
    message: {
      stepId: step.id,
      instance: stepNo,
      channel: step.channel,
      templateId: step.templateId,
      topic: step.topic,
      plannedAt: at,
      deadlineAt: at + messageDeadlineMs,
    },
  }),
})
