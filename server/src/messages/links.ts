import { createHmac, timingSafeEqual } from 'node:crypto'
import type { MessageId, WorkspaceId } from '../kernel/index.ts'
import { brandAs } from '../kernel/index.ts'

export type LinkKind = 'unsubscribe' | 'preferences' | 'confirm' | 'click' | 'open'
export interface SignedLink {
  readonly workspaceId: WorkspaceId
  readonly messageId: MessageId
  /** Of a click link: where it leads. */
  readonly url: string
}

/** Links in mails: they name a message, and only we can make them. A link of one kind opens nothing of another. */
export interface Links {
  of(kind: LinkKind, link: SignedLink): string
  read(kind: LinkKind, token: string): SignedLink | null
}

const paths: Record<LinkKind, string> = { unsubscribe: 'u', preferences: 'p', confirm: 'v', click: 'c', open: 'o' }
const signatureBytes = 16

/** HMAC-SHA256 cut to 128 bits over kind, workspace, message and target; the key is derived for this use alone. */
export const createLinks = (publicUrl: string, key: Buffer): Links => {
  const sign = (kind: LinkKind, body: Buffer): Buffer =>
    createHmac('sha256', key).update(kind).update('\u0000').update(body).digest().subarray(0, signatureBytes)
  return {
    of: (kind, { workspaceId, messageId, url }) => {
      const body = Buffer.concat([idBytes(workspaceId), idBytes(messageId), Buffer.from(url)])
      return `${publicUrl}/${paths[kind]}/${Buffer.concat([sign(kind, body), body]).toString('base64url')}`
    },
    read: (kind, token) => {
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length < signatureBytes + 32 || bytes.toString('base64url') !== token) return null
      const body = bytes.subarray(signatureBytes)
      if (!timingSafeEqual(bytes.subarray(0, signatureBytes), sign(kind, body))) return null
      return {
        workspaceId: brandAs<WorkspaceId>(idText(body.subarray(0, 16))),
        messageId: brandAs<MessageId>(idText(body.subarray(16, 32))),
        url: body.subarray(32).toString('utf8'),
      }
    },
  }
}

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex')
const idText = (bytes: Buffer): string => {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
