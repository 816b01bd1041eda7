/** The frame of every default mail: the brand on top, the ways out at the bottom. */
export const layout = (preview: string, body: string): string => `<mjml>
  <mj-head>
    <mj-preview>${preview}</mj-preview>
    <mj-attributes>
      <mj-all font-family="Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="24px" color="#1f2933" />
      <mj-button border-radius="6px" font-size="16px" inner-padding="12px 24px" align="left" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f4f5f7">
    <mj-section padding="24px 0 8px">
      <mj-column>
        {% if brand.logoUrl %}
        <mj-image src="{{ brand.logoUrl }}" alt="{{ brand.name }}" width="140px" align="left" />
        {% else %}
        <mj-text font-size="20px" font-weight="700"><span style="color: {{ brand.color }}">{{ brand.name }}</span></mj-text>
        {% endif %}
      </mj-column>
    </mj-section>
${body}
    <mj-section padding="16px 0 32px">
      <mj-column>
        <mj-text font-size="12px" line-height="18px" color="#5f6b7a">
          {{ brand.name }}{% if brand.address != blank %} · {{ brand.address }}{% endif %}<br />
          <a href="{{ links.preferences }}" style="color: #5f6b7a">What you get from us, and why</a> ·
          <a href="{{ links.unsubscribe }}" style="color: #5f6b7a">Unsubscribe</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`

export const card = (
  content: string,
  radius = '8px',
): string => `    <mj-section background-color="#ffffff" border-radius="${radius}" padding="24px 8px">
      <mj-column>
${content}
      </mj-column>
    </mj-section>`

export const text = (html: string): string => `        <mj-text>${html}</mj-text>`
export const button = (label: string, href: string): string =>
  `        <mj-button href="${href}" background-color="{{ brand.color }}">${label}</mj-button>`
