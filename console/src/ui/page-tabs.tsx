import { Link } from '@tanstack/react-router'
import classes from './page-tabs.module.css'

export interface PageTab {
  readonly to: string
  readonly label: string
  readonly active: boolean
}

/** Pages that belong together, as links that look like tabs. */
export const PageTabs = ({ label, tabs }: { readonly label: string; readonly tabs: readonly PageTab[] }) => (
  <nav aria-label={label} className={classes.tabs}>
    {tabs.map((tab) => (
      <Link
        key={tab.to}
        to={tab.to}
        className={classes.tab}
        {...(tab.active ? { 'aria-current': 'page' as const } : {})}
        data-active={tab.active || undefined}
      >
        {tab.label}
      </Link>
    ))}
  </nav>
)
