import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const JourneyPage = () => <UnbuiltPage title="shell.nav.journeys" />
