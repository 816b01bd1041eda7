import type { TemplateDraft } from '@baton/contract'
import { button, card, layout, text } from './layout.ts'

/** Expects an entry event by Segment's e-commerce spec (Product Added, Cart Viewed): name, price, image_url, url, or products. */
export const abandonedCart: TemplateDraft = {
  name: 'Abandoned cart',
  subject: '{% if person.firstName %}{{ person.firstName }}, your{% else %}Your{% endif %} cart is still here',
  topic: 'orders',
  text: null,
  mjml: layout(
    'We kept what you chose.',
    `${card(
      [
        text('Hello{% if person.firstName %} {{ person.firstName }}{% endif %},'),
        text('you left something in your cart. We kept it for you, in case you were interrupted.'),
      ].join('\n'),
      '8px 8px 0 0',
    )}
    {% if event.products %}
    {% for product in event.products limit: 4 %}
    <mj-section background-color="#ffffff" padding="0 8px 16px">
      <mj-column>
        <mj-text><strong>{{ product.name }}</strong>{% if product.price %}<br />{{ product.price }} {{ event.currency }}{% endif %}</mj-text>
      </mj-column>
    </mj-section>
    {% endfor %}
    {% elsif event.name %}
    <mj-section background-color="#ffffff" padding="0 8px 16px">
      <mj-column>
        {% if event.image_url %}
        <mj-image src="{{ event.image_url }}" alt="{{ event.name }}" width="240px" align="left" />
        {% endif %}
        <mj-text><strong>{{ event.name }}</strong>{% if event.price %}<br />{{ event.price }} {{ event.currency }}{% endif %}</mj-text>
      </mj-column>
    </mj-section>
    {% endif %}
${card(
  [
    button('Back to my cart', '{{ event.cart_url | default: event.url | default: brand.website }}'),
    text('Not sure yet? Answer this mail with your question: a person reads it.'),
  ].join('\n'),
  '0 0 8px 8px',
)}`,
  ),
}
