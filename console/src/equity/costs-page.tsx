import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const CostsPage = () => <UnbuiltPage title="shell.nav.costs" />
