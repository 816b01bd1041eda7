import { datedName, downloadFile } from '../csv.ts'

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

const margin = 16
/** Two device pixels each, for slides and print. */
const density = 2

/** A copy that stands alone: what the style sheets give is written into it. */
const standalone = (svg: SVGSVGElement, width: number, height: number): string => {
  const copy = svg.cloneNode(true)
  if (!(copy instanceof SVGSVGElement)) return ''
  const originals = [svg, ...svg.querySelectorAll('*')]
  const copies = [copy, ...copy.querySelectorAll('*')]
  for (const [index, original] of originals.entries()) {
    const computed = getComputedStyle(original)
    for (const property of drawn) copies[index]?.setAttribute(property, computed.getPropertyValue(property))
    copies[index]?.removeAttribute('class')
  }
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return new XMLSerializer().serializeToString(copy)
}

/** Saves the picture as it stands, on the page's background. Nothing leaves the browser: the image is a data: address. */
export const downloadPng = async (svg: SVGSVGElement | null, name: string): Promise<void> => {
  if (svg === null) return
  const { width, height } = svg.getBoundingClientRect()
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg, width, height))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = (width + 2 * margin) * density
  canvas.height = (height + 2 * margin) * density
  const context = canvas.getContext('2d')
  if (context === null) return
  context.fillStyle = getComputedStyle(document.body).backgroundColor
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.scale(density, density)
  context.drawImage(image, margin, margin)
  canvas.toBlob((blob) => {
    if (blob !== null) downloadFile(datedName(name, 'png'), blob, 'image/png')
  })
}
