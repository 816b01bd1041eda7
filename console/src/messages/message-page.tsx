import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const MessagePage = () => <UnbuiltPage title="shell.nav.messages" />
