import { it } from 'vitest'
import fc from 'fast-check'
import { openInMemory } from '../store/memory-opener.ts'
import { startServer, superuser } from '../store/postgres-world.ts'
import { live } from './history.ts'
import { histories } from './steps.ts'
it('x', async () => {
  const server = await startServer()
  const t = async (n: string, f: () => Promise<unknown>) => { const a = performance.now(); const r = await f(); console.log(n, Math.round(performance.now() - a)); return r as any }
  for (let i = 0; i < 3; i++) await t('create file_copy', () => superuser(server.server.connection, `create database x${i} strategy file_copy`))
  for (let i = 0; i < 3; i++) await t('create wal_log', () => superuser(server.server.connection, `create database y${i} strategy wal_log`))
  for (let i = 0; i < 3; i++) await t('drop', () => superuser(server.server.connection, `drop database y${i}`))
  let o: any
  for (let i = 0; i < 3; i++) { o = await t('open', () => server.open()); if (i < 2) await t('close', () => o.close()) }
  await t('reopen', () => o.reopen())
  const hs = fc.sample(histories(40), { numRuns: 6, seed: 5 })
  let calls: Record<string, [number, number]> = {}
  const wrap = (b: any) => Object.fromEntries(Object.entries(b).map(([k, v]: any) => [k, k === 'standingChanges' ? v : async (...a: any[]) => { const s = performance.now(); try { return await v(...a) } finally { const c = (calls[k] ??= [0, 0]); c[0]++; c[1] += performance.now() - s } }]))
  for (const h of hs) await t('history ' + h.steps.length, () => live(h, [openInMemory, async () => { const o = await t('open', () => server.open()); return { books: wrap(o.books), reopen: async () => wrap(await o.reopen()), close: () => o.close() } } ] as any))
  console.log(Object.entries(calls).map(([k, [n, ms]]) => `${k} ${n} × ${(ms / n).toFixed(1)} = ${Math.round(ms)}`).join('\n'))
  await server.stop()
}, 200000)
