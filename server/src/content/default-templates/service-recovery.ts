import type { TemplateDraft } from '@baton/contract'
import { card, layout, text } from './layout.ts'

/** Expects a complaint's event: complaint_id, subject. */
export const serviceRecovery: TemplateDraft = {
  name: 'Service recovery',
  subject: 'We are sorry{% if event.complaint_id %} — your case {{ event.complaint_id }}{% endif %}',
  topic: 'service',
  text: null,
  mjml: layout(
    'What happens next with your complaint.',
    card(
      [
        text('Hello{% if person.firstName %} {{ person.firstName }}{% endif %},'),
        text(
          'something went wrong{% if event.subject %} ({{ event.subject }}){% endif %}, and we are sorry. A person is looking at it. You will not get any offers from us until it is solved.',
        ),
        text('If there is anything we should know, a photo or what you would think fair, answer this mail.'),
      ].join('\n'),
    ),
  ),
}
