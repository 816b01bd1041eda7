/** Baton's mark: a baton and the sweep of its beat. Decorative; the word beside it is read. */
export const Logo = ({ size = 24 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" fill="#5145c0" />
    <path d="M9.6 22.4 24 8" stroke="#fff" strokeWidth="2.5" strokeLinecap="round" />
    <circle cx="9.9" cy="22.1" r="3.3" fill="#fff" />
    <path
      d="M19.6 22.8a9.6 9.6 0 0 0 3.6-6.4M14.2 8.4a9.6 9.6 0 0 1 3.2-1.5"
      fill="none"
      stroke="#fff"
      strokeOpacity=".6"
      strokeWidth="2"
      strokeLinecap="round"
    />
  </svg>
)
