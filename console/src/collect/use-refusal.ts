import { useTexts } from '../texts/use-texts.ts'

/** Why an event was set aside, in words: its reason is a code, and often what was found after a colon. */
export const useRefusal = () => {
  const t = useTexts()
  return (reason: string): string => {
    const [code = '', ...found] = reason.split(': ')
    const words = t.code('live.refusals', code)
    return found.length === 0 ? words : `${words}: ${found.join(': ')}`
  }
}
