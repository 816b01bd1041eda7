import { downloadFile } from '../csv.ts'

const drawn = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'fill-opacity',
  'stroke-opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const

/** Writes the styles the page gives into the copy, so that the picture stands alone. (A PNG would need image sources the CSP forbids.) */
export const downloadSvg = (svg: SVGSVGElement | null, name: string): void => {
  if (svg === null) return
  const copy = svg.cloneNode(true)
  if (!(copy instanceof SVGSVGElement)) return
  const originals = [svg, ...svg.querySelectorAll('*')]
  const copies = [copy, ...copy.querySelectorAll('*')]
  for (const [index, original] of originals.entries()) {
    const computed = getComputedStyle(original)
    for (const property of drawn) copies[index]?.setAttribute(property, computed.getPropertyValue(property))
    copies[index]?.removeAttribute('class')
  }
  const { width, height } = svg.getBoundingClientRect()
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  downloadFile(`${name}.svg`, new XMLSerializer().serializeToString(copy), 'image/svg+xml')
}
