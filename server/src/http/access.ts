import type { Permission, Role, Scope } from '@baton/contract'
import type {
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { must, type WorkspaceId } from '../kernel/index.ts'
import type { CsvOfList } from './csv-of-list.ts'
import type { ErrorCode } from './error-codes.ts'

/** Who asks, in which workspace. A write key is no principal: it may only send events, and collect looks at it itself. */
export interface Principal {
  readonly kind: 'user' | 'api-key'
  readonly workspaceId: WorkspaceId
  readonly role: Role
  readonly scope: Scope
  /** The user's or the key's id, as the audit keeps it: `user:…`, `key:…`. */
  readonly actor: string
}

export interface SignedIn {
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly memberships: readonly { readonly workspaceId: WorkspaceId; readonly role: Role; readonly scope: Scope }[]
}

/**
 * What a route touches that is nobody's part alone.
 * - `operation`: all phases and partners at once, so who has a scope of phases or of a partner may not
 * - `firm`: figures of the whole firm: who answers for phases sees them, who is scoped to a partner stands outside
 */
export type Reach = 'operation' | 'firm'

/**
 * Who may call a route; every route states it in `config.access`, or the server does not start.
 * - `permission`: a signed-in member or an API key whose role has it; `reach` says what it touches beyond her part
 * - `session`: somebody signed in, in whatever workspace or none
 * - `writeKey`: the collect routes check the key themselves
 * - `public`: anybody; `sameOrigin` refuses other sites' pages where the answer sets a cookie
 */
export type Access =
  | { readonly permission: Permission; readonly reach?: Reach }
  | { readonly session: true }
  | { readonly writeKey: true }
  | { readonly public: true; readonly sameOrigin?: true }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Errors this route answers with besides those that follow from its access rule and schemas (`route-errors.ts`). */
    errors?: readonly ErrorCode[]
    /** The route is a list: `<url>.csv` gives the whole of it as a file. */
    csv?: CsvOfList
    /** The answer does not end by itself (server-sent events). */
    stream?: true
    /** Pages of any site may show it in a frame. Only for what reads no session: a click there must win nobody anything. */
    embeddable?: true
  }
  interface FastifyRequest {
    principal: Principal | null
    signedIn: SignedIn | null
    /** Goes into the CSP header and into `nonce` attributes of this answer's `<style>` and `<script>`. */
    cspNonce: string
  }
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  Logger,
  ZodTypeProvider
>
/** What a room exports to mount its HTTP; each gets a context of its own, so parsers it adds stay with it. */
export type Routes = (app: App) => void | Promise<void>

/** The principal of a route that asks for a permission. */
export const principalOf = (request: Pick<FastifyRequest, 'principal'>): Principal =>
  must(request.principal, 'the route asks for a permission, so the kit has resolved who asks')

/** Who is signed in, on a route that asks for a session. */
export const signedInOf = (request: Pick<FastifyRequest, 'signedIn'>): SignedIn =>
  must(request.signedIn, 'the route asks for a session, so the kit has resolved who asks')
