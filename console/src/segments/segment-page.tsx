import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const SegmentPage = () => <UnbuiltPage title="shell.nav.segments" />
