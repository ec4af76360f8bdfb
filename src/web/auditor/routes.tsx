import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

/** What the log's address may carry: kind, text, and how far back the page begins. Anything else is dropped. */
export interface LogSearch {
  readonly kind?: string
  readonly q?: string
  readonly before?: string
}

/** The auditor's portal: public, without an account. */
export const auditorRoutes = <Root extends AnyRoute>(root: Root) => {
  const verify = createRoute({ getParentRoute: () => root, path: '/verify' })
  const claims = createRoute({
    getParentRoute: () => verify,
    path: '/',
    component: lazyRouteComponent(() => import('./claims.tsx'), 'ClaimsScreen'),
  })
  const log = createRoute({
    getParentRoute: () => verify,
    path: '/log',
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import('./log.tsx'), 'LogScreen'),
  })
  const entry = createRoute({
    getParentRoute: () => verify,
    path: '/log/$index',
    component: lazyRouteComponent(() => import('./entry.tsx'), 'EntryScreen'),
  })
  const release = createRoute({
    getParentRoute: () => verify,
    path: '/releases/$id',
    component: lazyRouteComponent(() => import('./release.tsx'), 'ReleaseScreen'),
  })
  const receipt = createRoute({
    getParentRoute: () => verify,
    path: '/receipt',
    component: lazyRouteComponent(() => import('./receipt.tsx'), 'ReceiptScreen'),
  })
  const checkpoints = createRoute({
    getParentRoute: () => verify,
    path: '/checkpoints',
    component: lazyRouteComponent(() => import('./checkpoints.tsx'), 'CheckpointsScreen'),
  })
  const takeAway = createRoute({
    getParentRoute: () => verify,
    path: '/take-away',
    component: lazyRouteComponent(() => import('./take-away.tsx'), 'TakeAwayScreen'),
  })
  return verify.addChildren([claims, log, entry, release, receipt, checkpoints, takeAway])
}

function readSearch(search: Record<string, unknown>): LogSearch {
  const { kind, q, before } = search
  return {
    ...(typeof kind === 'string' && /^[a-z-]{1,40}$/.test(kind) ? { kind } : {}),
    ...(q === undefined || q === '' ? {} : { q: String(q).slice(0, 200) }),
    ...(/^(0|[1-9][0-9]{0,17})$/.test(String(before)) ? { before: String(before) } : {}),
  }
}
