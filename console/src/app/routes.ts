import { createRootRoute, createRoute, lazyRouteComponent, Outlet, type RouteComponent } from '@tanstack/react-router'
import { NotFoundPage } from './not-found-page.tsx'
import { SessionGate } from './session-gate.tsx'

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })

/** Everything inside needs a session and lies in the shell. */
const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'inside',
  component: SessionGate,
  notFoundComponent: NotFoundPage,
})

const page = <P extends string>(path: P, component: RouteComponent) =>
  createRoute({ getParentRoute: () => insideRoute, path, component })

const outside = <P extends string>(path: P, component: RouteComponent) =>
  createRoute({ getParentRoute: () => rootRoute, path, component })

/** One line a page: its address, its file (loaded when first visited), its export. */
const inside = [
  page(
    '/',
    lazyRouteComponent(() => import('../home/home-page.tsx'), 'HomePage'),
  ),
  page(
    '/live',
    lazyRouteComponent(() => import('../collect/live-events-page.tsx'), 'LiveEventsPage'),
  ),
  page(
    '/imports',
    lazyRouteComponent(() => import('../collect/import/imports-page.tsx'), 'ImportsPage'),
  ),
  page(
    '/people',
    lazyRouteComponent(() => import('../people/people-page.tsx'), 'PeoplePage'),
  ),
  page(
    '/people/$personId',
    lazyRouteComponent(() => import('../people/person-page.tsx'), 'PersonPage'),
  ),
  page(
    '/segments',
    lazyRouteComponent(() => import('../segments/segments-page.tsx'), 'SegmentsPage'),
  ),
  page(
    '/segments/new',
    lazyRouteComponent(() => import('../segments/new-segment-page.tsx'), 'NewSegmentPage'),
  ),
  page(
    '/segments/$segmentId',
    lazyRouteComponent(() => import('../segments/segment-page.tsx'), 'SegmentPage'),
  ),
  page(
    '/journeys',
    lazyRouteComponent(() => import('../journeys/journeys-page.tsx'), 'JourneysPage'),
  ),
  page(
    '/journeys/new',
    lazyRouteComponent(() => import('../journeys/new-journey-page.tsx'), 'NewJourneyPage'),
  ),
  page(
    '/journeys/$journeyId',
    lazyRouteComponent(() => import('../journeys/journey-page.tsx'), 'JourneyPage'),
  ),
  page(
    '/messages',
    lazyRouteComponent(() => import('../messages/messages-page.tsx'), 'MessagesPage'),
  ),
  page(
    '/messages/templates',
    lazyRouteComponent(() => import('../content/templates-page.tsx'), 'TemplatesPage'),
  ),
  page(
    '/messages/templates/$templateId',
    lazyRouteComponent(() => import('../content/template-page.tsx'), 'TemplatePage'),
  ),
  page(
    '/messages/$messageId',
    lazyRouteComponent(() => import('../messages/message-page.tsx'), 'MessagePage'),
  ),
  page(
    '/mailbox',
    lazyRouteComponent(() => import('../channels/mailbox-page.tsx'), 'MailboxPage'),
  ),
  page(
    '/mailbox/$mailId',
    lazyRouteComponent(() => import('../channels/mailbox-page.tsx'), 'MailboxPage'),
  ),
  page(
    '/lifecycle',
    lazyRouteComponent(() => import('../lifecycle/lifecycle-page.tsx'), 'LifecyclePage'),
  ),
  page(
    '/equity',
    lazyRouteComponent(() => import('../equity/equity-page.tsx'), 'EquityPage'),
  ),
  page(
    '/costs',
    lazyRouteComponent(() => import('../equity/costs-page.tsx'), 'CostsPage'),
  ),
  page(
    '/operations',
    lazyRouteComponent(() => import('../operations/operations-page.tsx'), 'OperationsPage'),
  ),
  page(
    '/settings',
    lazyRouteComponent(() => import('../workspaces/settings-page.tsx'), 'SettingsPage'),
  ),
  page(
    '/settings/$section',
    lazyRouteComponent(() => import('../workspaces/settings-page.tsx'), 'SettingsPage'),
  ),
] as const

const open = [
  outside(
    '/sign-in',
    lazyRouteComponent(() => import('../workspaces/sign-in-page.tsx'), 'SignInPage'),
  ),
  outside(
    '/first-run',
    lazyRouteComponent(() => import('../workspaces/first-run-page.tsx'), 'FirstRunPage'),
  ),
  outside(
    '/invitation/$token',
    lazyRouteComponent(() => import('../workspaces/invitation-page.tsx'), 'InvitationPage'),
  ),
] as const

/** The components in every state, for those who build pages; not in the built console. */
const workshop = import.meta.env.DEV
  ? [
      outside(
        '/gallery',
        lazyRouteComponent(() => import('../ui/gallery/gallery-page.tsx'), 'GalleryPage'),
      ),
    ]
  : []

export const routeTree = rootRoute.addChildren([insideRoute.addChildren(inside), ...open, ...workshop])
