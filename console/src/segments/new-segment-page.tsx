import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const NewSegmentPage = () => <UnbuiltPage title="shell.create.segment" />
