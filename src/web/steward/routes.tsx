import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

/** The steward's portal: a rail of seven places, some with parts of their own. */
export const stewardRoutes = <Root extends AnyRoute>(root: Root) => {
  const steward = createRoute({
    getParentRoute: () => root,
    path: '/steward',
    component: lazyRouteComponent(() => import('./layout.tsx'), 'Layout'),
  })
  const parent = () => steward
  return steward.addChildren([
    createRoute({
      getParentRoute: parent,
      path: '/',
      component: lazyRouteComponent(() => import('./home.tsx'), 'Home'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/products',
      component: lazyRouteComponent(() => import('./products.tsx'), 'Products'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/products/loads',
      component: lazyRouteComponent(() => import('./loads.tsx'), 'Loads'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/products/contract',
      validateSearch: (search: Record<string, unknown>): { product?: string } =>
        typeof search.product === 'string' ? { product: search.product } : {},
      component: lazyRouteComponent(() => import('./contract.tsx'), 'ContractScreen'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/consent',
      component: lazyRouteComponent(() => import('./consent.tsx'), 'Consent'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/consent/notices',
      component: lazyRouteComponent(() => import('./notices.tsx'), 'Notices'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/buyers',
      component: lazyRouteComponent(() => import('./buyers.tsx'), 'Buyers'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/buyers/refusals',
      component: lazyRouteComponent(() => import('./refusals.tsx'), 'Refusals'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/buyers/$buyer',
      component: lazyRouteComponent(() => import('./buyer.tsx'), 'BuyerScreen'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/budget',
      component: lazyRouteComponent(() => import('./budget.tsx'), 'Budget'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/money',
      component: lazyRouteComponent(() => import('./money.tsx'), 'Money'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/set-up',
      component: lazyRouteComponent(() => import('./periods.tsx'), 'Periods'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/set-up/answers',
      component: lazyRouteComponent(() => import('./answers.tsx'), 'Answers'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/set-up/keys',
      component: lazyRouteComponent(() => import('./keys.tsx'), 'Keys'),
    }),
    createRoute({
      getParentRoute: parent,
      path: '/set-up/links',
      component: lazyRouteComponent(() => import('./links.tsx'), 'Links'),
    }),
  ])
}
