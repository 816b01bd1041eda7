/** The nonce the server wrote into index.html; empty under `vite dev`, which sends no CSP. */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

/** react-remove-scroll (inside Mantine's modals) reads its nonce from this global, the name webpack gave it. */
export const shareStyleNonce = (): void => {
  Object.assign(globalThis, { __webpack_nonce__: styleNonce() })
}
