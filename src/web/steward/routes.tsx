import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

/** The steward's portal. */
export const stewardRoutes = <Root extends AnyRoute>(root: Root) =>
  createRoute({
    getParentRoute: () => root,
    path: '/steward',
    component: lazyRouteComponent(() => import('./home.tsx'), 'Home'),
  })
