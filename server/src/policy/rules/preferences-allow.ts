import type { PolicyRule } from '../policy-rule.ts'

/** What she said on the preference page or by one click. Leaving all leaves everything but service; a topic or channel switched off is off for all. */
export const preferencesAllow: PolicyRule = {
  name: 'preferences',
  title: 'Her own preferences',
  object: ({ person: { preferences }, message, settings }) => {
    if (preferences.unsubscribedAll && message.purpose !== 'serve')
      return {
        kind: 'drop',
        reason: 'unsubscribed-all',
        inputs: { purpose: message.purpose },
        sentence: 'She unsubscribed from everything but service.',
        customerSentence: 'You unsubscribed from our messages.',
      }
    if (preferences.channelsOff.includes(message.channel))
      return {
        kind: 'drop',
        reason: 'unsubscribed-channel',
        inputs: { channel: message.channel },
        sentence: `She switched ${message.channel} off.`,
        customerSentence: `You asked us not to use ${message.channel}.`,
      }
    if (preferences.topicsOff.includes(message.topic)) {
      const title = settings.topics.find(({ topic }) => topic === message.topic)?.title ?? message.topic
      return {
        kind: 'drop',
        reason: 'unsubscribed-topic',
        inputs: { topic: message.topic },
        sentence: `She left the topic “${title}”.`,
        customerSentence: `You left the topic “${title}”.`,
      }
    }
    return null
  },
}
