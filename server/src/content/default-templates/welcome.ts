import type { TemplateDraft } from '@baton/contract'
import { button, card, layout, text } from './layout.ts'

export const welcome: TemplateDraft = {
  name: 'Welcome',
  subject: 'Welcome to {{ brand.name }}',
  topic: 'advice',
  text: null,
  mjml: layout(
    'What you can expect from us.',
    card(
      [
        text('Hello{% if person.firstName %} {{ person.firstName }}{% endif %}, and welcome.'),
        text(
          'You will hear from us when there is something worth your time: how to choose, how to get the most out of it, and what others learned. You decide how often, and about what.',
        ),
        button('Choose what you get', '{{ links.preferences }}'),
        text('A question now? Answer this mail.'),
      ].join('\n'),
    ),
  ),
}
