import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const OperationsPage = () => <UnbuiltPage title="shell.nav.operations" />
