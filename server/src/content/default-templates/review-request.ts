import type { TemplateDraft } from '@baton/contract'
import { button, card, layout, text } from './layout.ts'

/** Expects an order's event: order_id, products[].name, review_url. */
export const reviewRequest: TemplateDraft = {
  name: 'Review request',
  subject: 'How is {{ event.products[0].name | default: "your order" }} doing?',
  topic: 'advice',
  text: null,
  mjml: layout(
    'Two minutes that help the next one choose.',
    card(
      [
        text('Hello{% if person.firstName %} {{ person.firstName }}{% endif %},'),
        text(
          'you have had {{ event.products[0].name | default: "your order" }} for a while now. Would you tell others what you think of it, the good and the bad?',
        ),
        button('Write a review', '{{ event.review_url | default: brand.website }}'),
        text('If something is wrong with it, do not review it: answer this mail, and we put it right first.'),
      ].join('\n'),
    ),
  ),
}
