/** What the parent says to the embedded engine's process over its IPC channel. */
export type ToChild =
  | {
      readonly kind: 'start'
      readonly folder: string
      /** 0: any free port. After a restart the same one again, so that addresses handed out stay true. */
      readonly port: number
      readonly user: string
      readonly password: string
    }
  | { readonly kind: 'stop' }

export type FromChild =
  | { readonly kind: 'listening'; readonly port: number; readonly version: string }
  | { readonly kind: 'failed'; readonly reason: string }
