/** Baton's mark: a baton on its beat. Decorative; the word beside it is read. */
export const Logo = ({ size = 24 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" fill="#5145c0" />
    <path
      d="M7 21.5c4.2 3.4 9.6 3.2 13.2-.4s3.8-8 1-11.6"
      fill="none"
      stroke="#fff"
      strokeOpacity=".55"
      strokeWidth="2.2"
      strokeLinecap="round"
    />
    <path d="M10 22 24.5 7.5" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
    <circle cx="10.2" cy="21.8" r="3.1" fill="#fff" />
  </svg>
)
