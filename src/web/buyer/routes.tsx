import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

/** The buyer's portal. */
export const buyerRoutes = <Root extends AnyRoute>(root: Root) =>
  createRoute({
    getParentRoute: () => root,
    path: '/buy',
    component: lazyRouteComponent(() => import('./home.tsx'), 'Home'),
  })
