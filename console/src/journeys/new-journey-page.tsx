import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const NewJourneyPage = () => <UnbuiltPage title="shell.create.journey" />
