import type { TemplateDraft } from '@baton/contract'
import { button, card, layout, text } from './layout.ts'

/** Sent to who answered the hosted form, or whomever a stranger named there: nothing that was typed stands in it. `links.confirm` leads to a page with a button; only the button confirms. */
export const confirmAddress: TemplateDraft = {
  name: 'Confirm an address',
  subject: 'We got your question: is this your address?',
  topic: 'service',
  text: null,
  mjml: layout(
    'One press of a button, so that our answer reaches you.',
    card(
      [
        text('Hello,'),
        text(
          'we got your question, and a person answers it. Please confirm that this is your address.' +
            '{% if event.consent %} You also ticked “{{ event.consent.wording }}”: it holds once you have confirmed it.{% endif %}',
        ),
        button('Confirm my address', '{{ links.confirm }}'),
        text('You asked us nothing? Then somebody mistyped an address: leave this mail alone, and nothing happens.'),
      ].join('\n'),
    ),
  ),
}
