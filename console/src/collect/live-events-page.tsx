import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const LiveEventsPage = () => <UnbuiltPage title="shell.nav.live" />
