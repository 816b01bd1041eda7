import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const LifecyclePage = () => <UnbuiltPage title="shell.nav.lifecycle" />
