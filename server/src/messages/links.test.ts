import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brandAs, type MessageId, type WorkspaceId } from '../kernel/index.ts'
import { createLinks } from './links.ts'
import { addPixel, trackLinks } from './track-links.ts'

const links = createLinks('https://baton.example', Buffer.alloc(32, 7))
const about = fc.record({
  workspaceId: fc.uuid().map((id) => brandAs<WorkspaceId>(id)),
  messageId: fc.uuid().map((id) => brandAs<MessageId>(id)),
  url: fc.webUrl(),
})

test('a link reads back what was put in, under its own kind and key only', () => {
  fc.assert(
    fc.property(about, fc.nat(), (link, at) => {
      const token = links.of('click', link).split('/').at(-1) ?? ''
      expect(links.read('click', token)).toEqual(link)
      expect(links.read('open', token)).toBeNull()
      expect(createLinks('', Buffer.alloc(32, 8)).read('click', token)).toBeNull()
      const bytes = Buffer.from(token, 'base64url')
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1
      expect(links.read('click', bytes.toString('base64url'))).toBeNull()
    }),
  )
})

test('web links are tracked, ways out are not, scripts are disarmed', () => {
  const html = `<a href="https://a.example/?x=1&amp;y=2">1</a><a class="b" href='https://out.example/u'>2</a><a href="javascript:alert(1)">3</a><a href="mailto:x@example.com">4</a><A HREF=" data:text/html,x ">5</A>`
  expect(trackLinks(html, ['https://out.example/u'], (url) => `T(${url})`)).toBe(
    `<a href="T(https://a.example/?x=1&amp;y=2)">1</a><a class="b" href="https://out.example/u">2</a><a href="#">3</a><a href="mailto:x@example.com">4</a><A HREF="#">5</A>`,
  )
})

test('what is tracked is ASCII; what is no address stays as it is', () => {
  const seen: string[] = []
  const html = '<a href="https://shop.example/каталог">1</a><a href="https://[b">2</a><a href="mailto:é@b">3</a>'
  const tracked = (url: string) => `T${seen.push(url)}`
  expect(trackLinks(html, [], tracked)).toBe('<a href="T1">1</a><a href="https://[b">2</a><a href="mailto:é@b">3</a>')
  expect(seen).toEqual([encodeURI('https://shop.example/каталог')])
})

test('the pixel stands last in the body', () => {
  expect(addPixel('<body>x</body></html>', 'https://o')).toMatch(
    /^<body>x<img src="https:\/\/o"[^>]*><\/body><\/html>$/,
  )
})
