import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

/** The person's portal. */
export const personRoutes = <Root extends AnyRoute>(root: Root) => {
  const portal = createRoute({
    getParentRoute: () => root,
    path: '/me',
    component: lazyRouteComponent(() => import('./portal.tsx'), 'Portal'),
  })
  const screen = <Path extends string>(path: Path, load: () => Promise<{ readonly Screen: () => React.ReactNode }>) =>
    createRoute({ getParentRoute: () => portal, path, component: lazyRouteComponent(load, 'Screen') })
  return portal.addChildren([
    screen('/', () => import('./home.tsx')),
    screen('choices', () => import('./choices.tsx')),
    screen('uses', () => import('./uses.tsx')),
    screen('money', () => import('./money.tsx')),
    screen('data', () => import('./data.tsx')),
    screen('proof', () => import('./proof.tsx')),
  ])
}
