/** Channels: how a message leaves the house, and the one place where connections to the outside are made. */
export type { HandOver, MailParty, OutgoingMail } from './channel-seam.ts'
export { type Carrier, type Channels, type ChannelsDeps, createChannels, domainOf } from './channels.ts'
export { composeMail, type MailParts } from './compose-mail.ts'
export { createEgress, type Egress, EgressError } from './egress.ts'
export { markReplied, readMail } from './mailbox-store.ts'
export { channelsRoutes } from './routes.ts'
export { createSecretBox, type SecretBox } from './secret-box.ts'
export type { SmtpTimeouts } from './smtp-connections.ts'
