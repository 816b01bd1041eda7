import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const EquityPage = () => <UnbuiltPage title="shell.nav.equity" />
