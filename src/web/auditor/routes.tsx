import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

/** The auditor's portal. */
export const auditorRoutes = <Root extends AnyRoute>(root: Root) =>
  createRoute({
    getParentRoute: () => root,
    path: '/verify',
    component: lazyRouteComponent(() => import('./home.tsx'), 'Home'),
  })
