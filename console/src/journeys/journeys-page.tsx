import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const JourneysPage = () => <UnbuiltPage title="shell.nav.journeys" />
