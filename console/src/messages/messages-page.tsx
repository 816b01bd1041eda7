import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const MessagesPage = () => <UnbuiltPage title="shell.nav.messages" />
