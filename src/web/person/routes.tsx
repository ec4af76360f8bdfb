import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

/** The person's portal. */
export const personRoutes = <Root extends AnyRoute>(root: Root) =>
  createRoute({
    getParentRoute: () => root,
    path: '/me',
    component: lazyRouteComponent(() => import('./home.tsx'), 'Home'),
  })
