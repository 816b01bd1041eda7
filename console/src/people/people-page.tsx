import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const PeoplePage = () => <UnbuiltPage title="shell.nav.people" />
