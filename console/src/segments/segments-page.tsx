import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const SegmentsPage = () => <UnbuiltPage title="shell.nav.segments" />
