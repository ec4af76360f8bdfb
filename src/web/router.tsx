import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { auditorRoutes } from './auditor/routes.tsx'
import { buyerRoutes } from './buyer/routes.tsx'
import { NotFound } from './landing/not-found.tsx'
import { personRoutes } from './person/routes.tsx'
import { stewardRoutes } from './steward/routes.tsx'
import { Crash } from './ui/crash.tsx'

/** Every address of the portals. A portal's screens are loaded with its first visit. */
const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crash })

const landing = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./landing/landing.tsx'), 'Landing'),
})
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Hostile input: only an address of this house is gone to afterwards.
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' && /^\/[a-z][a-z0-9/_-]*$/.test(search.next) ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('./sign-in/sign-in.tsx'), 'SignIn'),
})
const enter = createRoute({
  getParentRoute: () => root,
  path: '/me/enter',
  component: lazyRouteComponent(() => import('./sign-in/enter.tsx'), 'Enter'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    landing,
    signIn,
    enter,
    personRoutes(root),
    buyerRoutes(root),
    stewardRoutes(root),
    auditorRoutes(root),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
