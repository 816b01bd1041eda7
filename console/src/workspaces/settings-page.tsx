import { UnbuiltPage } from '../app/unbuilt-page.tsx'

export const SettingsPage = () => <UnbuiltPage title="shell.nav.settings" />
