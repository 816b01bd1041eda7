import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const TemplatePage = () => <UnbuiltPage title="shell.nav.messages" />
