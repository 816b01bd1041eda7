import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { createRenderPool } from './render-pool.ts'
import type { RenderItem } from './render-protocol.ts'

const pool = createRenderPool({ children: 2, timeoutMs: 400 })
afterAll(() => pool.close())

const page = (body: string) => `<mjml><mj-body>${body}</mj-body></mjml>`
const section = (text: string) => `<mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section>`
const renderOne = async (html: string, data: object, subject = 'S') => {
  const items: RenderItem[] = [{ key: 'k', template: 't', data }]
  const [one] = await pool.render({ t: { subject, html, text: null } }, items)
  return one
}

describe('rendering in a child', () => {
  test('a conditional section goes only to those it is for', async () => {
    const { html, errors } = await pool.compile(
      page(`${section('all')}{% if person.vip %}${section('secret')}{% endif %}`),
    )
    expect(errors).toEqual([])
    expect(await renderOne(html, { person: { vip: true } })).toMatchObject({ html: expect.stringContaining('secret') })
    expect(await renderOne(html, { person: {} })).toMatchObject({
      html: expect.not.stringContaining('secret'),
      text: 'all',
    })
  })

  test('nothing is fetched from a font server', async () => {
    const { html } = await pool.compile(page(section('<span style="font-family: Roboto">x</span>')))
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/)
  })

  test('what comes from outside is escaped in HTML and plain in subject and text', async () => {
    const html = '<p>{{ person.name }}</p>'
    const answer = await renderOne(html, { person: { name: '<img src=x onerror=alert(1)>&' } }, 'Hi {{ person.name }}')
    expect(answer).toMatchObject({
      html: '<p>&lt;img src=x onerror=alert(1)&gt;&amp;</p>',
      subject: 'Hi <img src=x onerror=alert(1)>&',
    })
  })

  test('a line break in the subject becomes a space', async () => {
    expect(await renderOne('x', { a: 'one\r\nBcc: eve@example.com' }, '{{ a }}')).toMatchObject({
      subject: 'one Bcc: eve@example.com',
    })
  })

  test('missing variables are listed, loop variables are not', async () => {
    const html =
      '{{ person.first_name }}{% for item in event.items %}{{ item.title }}{% endfor %}{{ event.items[0].price }}{{ event.items.size }}'
    expect(await renderOne(html, { event: { items: [{ title: 'a' }] } })).toMatchObject({
      missing: ['event.items.0.price', 'person.first_name'],
    })
  })

  test.each([
    ['files', '{% include "/etc/passwd" %}'],
    ['partials', '{% render "x" %}'],
    ['layouts', '{% layout "x" %}'],
    ['an unclosed tag', '{% if a %}'],
    ['an unknown filter that is refused at parsing', '{% unknown %}'],
  ])('%s fail that message with a reason', async (_, html) => {
    expect(await renderOne(html, {})).toMatchObject({ kind: 'failed', problem: { message: expect.any(String) } })
  })

  test('prototype properties are not reached', async () => {
    expect(
      await renderOne('[{{ person.constructor.name }}{{ person.__proto__ }}{{ person.toString }}]', { person: {} }),
    ).toMatchObject({ html: '[]' })
  })

  test('one template that never ends is dropped alone, its neighbours are rendered', async () => {
    const endless =
      '{% for a in (1..100000) %}{% for b in (1..100000) %}{% for c in (1..100000) %}{% endfor %}{% endfor %}{% endfor %}'
    const items = Array.from({ length: 9 }, (_, i) => ({
      key: `k${i}`,
      template: i === 4 ? 'bad' : 'good',
      data: { i },
    }))
    const answers = await pool.render(
      { good: { subject: 's', html: '{{ i }}', text: null }, bad: { subject: 's', html: endless, text: null } },
      items,
    )
    expect(answers.map(({ key }) => key)).toEqual(items.map(({ key }) => key))
    expect(answers.filter(({ kind }) => kind === 'failed').map(({ key }) => key)).toEqual(['k4'])
  })

  test('a catastrophic regular expression or a memory eater does not take the server with it', async () => {
    const eater =
      '{% assign s = "aaaaaaaaaaaaaaaa" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s | size }}'
    expect(await renderOne(eater, {})).toMatchObject({ kind: 'failed' })
    expect(await renderOne('fine', {})).toMatchObject({ html: 'fine' })
  })

  test('mj-include is refused', async () => {
    const { errors } = await pool.compile(page('<mj-include path="/etc/passwd" />'))
    expect(errors[0]?.message).toContain('mj-include')
  })
})

test('a renderer that does not start is not taken for a bad template', async () => {
  const tooSmall = createRenderPool({ children: 1, heapMegabytes: 4 })
  onTestFinished(() => tooSmall.close())
  await expect(tooSmall.compile(page(section('x')))).rejects.toThrow(/does not start/)
  await expect(
    tooSmall.render({ t: { subject: 'S', html: 'x', text: null } }, [{ key: 'k', template: 't', data: {} }]),
  ).rejects.toThrow(/does not start/)
})

test('a Ctrl-C, which reaches every process of the terminal, leaves what is being rendered alone', async () => {
  const child = fork(join(import.meta.dirname, 'render-child.ts'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  expect(await once(child, 'message')).toMatchObject([{ kind: 'ready' }, undefined])
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) child.kill(signal)
  const answer = Promise.race([once(child, 'message'), once(child, 'exit')])
  child.send({
    kind: 'render',
    id: 1,
    templates: { t: { subject: 'S', html: '<p>there</p>', text: null } },
    items: [{ key: 'k', template: 't', data: {} }],
  })
  expect(await answer).toMatchObject([{ kind: 'rendered', items: [{ html: '<p>there</p>' }] }, undefined])
})
