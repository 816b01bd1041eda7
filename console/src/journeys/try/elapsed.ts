const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const written =
  /^(?:(?<days>\d{1,3})d\s*)?(?:(?:(?:(?<hours>\d{1,4}):)?(?<minutes>\d{1,5}):)?(?<seconds>\d{1,7})(?:\.(?<ms>\d{1,3}))?)?$/

/** `59:59.999`, `1:00:00`, `90`, `2d` or `2d 3:00:00` in milliseconds; null when it is none of these. */
export const parseElapsed = (text: string): number | null => {
  const parts = written.exec(text.trim())?.groups
  if (parts === undefined || text.trim() === '') return null
  const { days = '0', hours = '0', minutes = '0', seconds = '0', ms = '0' } = parts
  return (
    Number(days) * dayMs +
    Number(hours) * hourMs +
    Number(minutes) * minuteMs +
    Number(seconds) * secondMs +
    Number(ms.padEnd(3, '0'))
  )
}

const two = (count: number): string => String(count).padStart(2, '0')

/** `59:59.999`, `1:00:00`, `2d 3:00:00`: what `parseElapsed` reads. */
export const formatElapsed = (elapsedMs: number): string => {
  const days = Math.floor(elapsedMs / dayMs)
  const hours = Math.floor((elapsedMs % dayMs) / hourMs)
  const minutes = Math.floor((elapsedMs % hourMs) / minuteMs)
  const seconds = Math.floor((elapsedMs % minuteMs) / secondMs)
  const ms = elapsedMs % secondMs
  const clock = hours > 0 || days > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
  return `${days > 0 ? `${days}d ` : ''}${clock}${ms > 0 ? `.${String(ms).padStart(3, '0')}` : ''}`
}
