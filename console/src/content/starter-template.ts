/** What a new template begins with: a heading, a greeting that works without a name, and one button. */
export const starterMjml = `<mjml>
  <mj-head>
    <mj-preview>The line after the subject in the list of mails.</mj-preview>
    <mj-attributes>
      <mj-all font-family="Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="1.5" color="#1b1e27" />
      <mj-button background-color="{{ brand.color }}" border-radius="6px" align="left" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f3f4f7">
    <mj-section>
      <mj-column>
        <mj-text font-size="20px" font-weight="bold" color="{{ brand.color }}">{{ brand.name }}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section background-color="#ffffff" border-radius="8px">
      <mj-column>
        <mj-text>Hello{% if person.first_name %} {{ person.first_name }}{% endif %},</mj-text>
        <mj-text>say what this is about.</mj-text>
        <mj-button href="{{ brand.website }}">Go there</mj-button>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text font-size="12px" color="#5f6b7a">
          {{ brand.name }}{% if brand.address != "" %}, {{ brand.address }}{% endif %}<br />
          <a href="{{ links.preferences }}" style="color: #5f6b7a">What you get from us, and why</a> ·
          <a href="{{ links.unsubscribe }}" style="color: #5f6b7a">Unsubscribe</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`
