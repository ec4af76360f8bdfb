import { expectAccepted } from '../base/refusal.ts'
import { createKey } from '../house/access.ts'
import { createLogin } from '../house/access-logins.ts'
import { createLink, lookAtLink } from '../house/access-sessions.ts'
import type { House } from '../house/house.ts'
import { buyersOfTheYear, type Featured } from './year/acts.ts'

/** One for all logins of the made-up world: it protects nothing, and everybody may know it. */
const password = 'north-coop-demo'

/** (A type, not an interface: only those are assignable to Json.) */
export type DemoLogin = {
  readonly who: string
  readonly login: string
  readonly password: string
  /** Address of the portal that it opens. */
  readonly portal: string
}

const staff = { who: 'steward', login: 'steward@north.example', role: 'steward', subject: 'steward' } as const
const buyers = buyersOfTheYear.map(({ id, name }) => ({
  who: name,
  login: `buyer@${id}.example`,
  role: 'buyer' as const,
  subject: id,
}))

export const demoLogins: readonly DemoLogin[] = [
  { who: staff.who, login: staff.login, password, portal: '/steward' },
  ...buyers.map(({ who, login }) => ({ who, login, password, portal: '/buy' })),
]

/** Makes the logins, and keys for programs; gives the keys by whose they are. */
export async function signIns(house: House, featured: readonly Featured[]): Promise<Readonly<Record<string, string>>> {
  for (const one of [staff, ...buyers]) expectAccepted(await createLogin(house, one, password))
  const keys: Record<string, string> = {}
  const key = async (role: 'steward' | 'buyer' | 'person', subject: string) => {
    keys[`${role} ${subject}`] = expectAccepted(await createKey(house, role, subject, 'demo')).secret
  }
  await key('steward', 'steward')
  for (const { id } of buyersOfTheYear) await key('buyer', id)
  for (const { id } of featured) await key('person', id)
  return keys
}

/** One-time links of the featured members, as the house would send them; one that was used or is over is made anew. */
export function memberLinks(house: House, featured: readonly Featured[]) {
  const tokens = new Map<string, string>()
  return async (): Promise<readonly { readonly person: string; readonly link: string; readonly story: string }[]> => {
    const links = []
    for (const { id, story } of featured) {
      const known = tokens.get(id)
      const usable = known !== undefined && (await lookAtLink(house, known)).ok
      const token = usable ? known : expectAccepted(await createLink(house, id)).token
      tokens.set(id, token)
      links.push({ person: id, link: `/me/enter#${token}`, story })
    }
    return links
  }
}
