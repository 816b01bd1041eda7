import { describe, expect, test } from 'vitest'
import { wrapLiquid } from './wrap-liquid.ts'

describe('Liquid in MJML', () => {
  test.each([
    [
      '<mj-body>{% if a %}<mj-section/>{% endif %}</mj-body>',
      '<mj-body><mj-raw>{% if a %}</mj-raw><mj-section/><mj-raw>{% endif %}</mj-raw></mj-body>',
    ],
    [
      '<mj-text>{% if a %}<b>x</b>{% endif %}</mj-text>{{ y }}',
      '<mj-text>{% if a %}<b>x</b>{% endif %}</mj-text><mj-raw>{{ y }}</mj-raw>',
    ],
    [
      '<mj-button href="{{ links.a }}" css-class=\'{% if a %}b{% endif %}\'>{{ c }}</mj-button>',
      '<mj-button href="{{ links.a }}" css-class=\'{% if a %}b{% endif %}\'>{{ c }}</mj-button>',
    ],
    ['<!-- {% if a %} -->', '<!-- {% if a %} -->'],
    ['<mj-raw>{% if a %}</mj-raw>', '<mj-raw>{% if a %}</mj-raw>'],
    ['<mj-text a="x>y">{% z %}</mj-text>', '<mj-text a="x>y">{% z %}</mj-text>'],
  ])('%s', (mjml, wrapped) => expect(wrapLiquid(mjml)).toBe(wrapped))
})
