import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const MailboxPage = () => <UnbuiltPage title="shell.nav.mailbox" />
