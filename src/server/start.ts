import { Fault } from '../base/fault.ts'
import type { House } from '../house/house.ts'
import { sealIfDue } from '../release/consent-batch.ts'
import { type AppOptions, buildApp } from './app.ts'

/** Listens. Throws Fault 'server.port_taken' when the port is not free. */
export async function startServer(
  house: House,
  where: { readonly host: string; readonly port: number },
  options: AppOptions = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = await buildApp(house, options)
  try {
    const url = await app.listen({ host: where.host, port: where.port })
    const clock = watchTheClock(house)
    return {
      url,
      close: async () => {
        await clock.stop()
        await app.close()
      },
    }
  } catch (cause) {
    await app.close()
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new Fault('server.port_taken', `port ${where.port} on ${where.host} is taken`, {
        hint: '--port 0 takes any free one',
        cause,
      })
    throw new Fault('server.cannot_listen', `cannot listen on ${where.host}:${where.port} (${code ?? 'unknown'})`, {
      cause,
    })
  }
}

/** Once a minute, whatever anybody does: the day's batch of choices. A failure is an incident; the next minute tries again. */
function watchTheClock(house: House): { stop(): Promise<void> } {
  let working: Promise<unknown> = Promise.resolve()
  const tick = () => {
    working = sealIfDue(house.world).catch((cause) => house.world.incident('consent-batch', cause))
  }
  const timer = setInterval(tick, 60_000)
  timer.unref()
  tick()
  return {
    stop: () => {
      clearInterval(timer)
      return working.then(() => undefined)
    },
  }
}
