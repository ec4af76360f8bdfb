import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

/** What the workbench begins with: a product, one of its questions to start from, or a question that was asked before. */
export interface Beginning {
  readonly product?: string
  readonly start?: string
  readonly like?: string
}

/** The buyer's portal. */
export const buyerRoutes = <Root extends AnyRoute>(root: Root) => {
  const buyer = createRoute({
    getParentRoute: () => root,
    path: '/buy',
    component: lazyRouteComponent(() => import('./shell.tsx'), 'Shell'),
  })
  const under = { getParentRoute: () => buyer }
  return buyer.addChildren([
    createRoute({ ...under, path: '/', component: lazyRouteComponent(() => import('./catalogue.tsx'), 'Catalogue') }),
    createRoute({
      ...under,
      path: '/products/$product',
      component: lazyRouteComponent(() => import('./product.tsx'), 'Product'),
    }),
    createRoute({
      ...under,
      path: '/ask',
      validateSearch: beginning,
      component: lazyRouteComponent(() => import('./workbench/workbench.tsx'), 'Workbench'),
    }),
    createRoute({
      ...under,
      path: '/releases',
      component: lazyRouteComponent(() => import('./releases.tsx'), 'Releases'),
    }),
    createRoute({
      ...under,
      path: '/releases/$release',
      component: lazyRouteComponent(() => import('./result/result.tsx'), 'Result'),
    }),
    createRoute({
      ...under,
      path: '/balance',
      component: lazyRouteComponent(() => import('./balance.tsx'), 'Balance'),
    }),
    createRoute({ ...under, path: '/keys', component: lazyRouteComponent(() => import('./keys.tsx'), 'Keys') }),
    createRoute({
      ...under,
      path: '/connect',
      component: lazyRouteComponent(() => import('./connect.tsx'), 'Connect'),
    }),
  ])
}

/** Hostile input: ids alone, nothing that could be read as anything else. */
function beginning(search: Record<string, unknown>): Beginning {
  const id = (value: unknown): string | undefined =>
    typeof value === 'string' && /^[A-Za-z0-9_.-]{1,120}$/.test(value) ? value : undefined
  const { product, start, like } = { product: id(search.product), start: id(search.start), like: id(search.like) }
  return { ...(product && { product }), ...(start && { start }), ...(like && { like }) }
}
