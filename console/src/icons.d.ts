/** One icon a file: the barrel of 5,900 icons would cost the build more than everything else together. */
declare module '@tabler/icons-react/dist/esm/icons/*.mjs' {
  import type { Icon } from '@tabler/icons-react'

  const icon: Icon
  export default icon
}
