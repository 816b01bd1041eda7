import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const TemplatesPage = () => <UnbuiltPage title="shell.nav.messages" />
