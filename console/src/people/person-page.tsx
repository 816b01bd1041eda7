import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const PersonPage = () => <UnbuiltPage title="shell.nav.people" />
