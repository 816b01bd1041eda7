import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const HomePage = () => <UnbuiltPage title="shell.nav.home" />
