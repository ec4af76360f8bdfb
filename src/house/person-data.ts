import type { House } from './house.ts'
import { type MyData, type Topic, topicsOf } from './views/my-data.ts'

/**
 * The very records that are held about one person, in every product. For that person alone: no other role has a way here. A product whose contract is newer
 * than its data is left out until it is loaded again.
 */
export const ownData = ({ world }: House, person: string): Promise<MyData> =>
  world.inTurn(async () => {
    const topics: Topic[] = []
    for (const entry of await world.books.contracts()) {
      const [load] = await world.books.loads(entry.product)
      if (load === undefined || load.contractVersion !== entry.version) continue
      const catalogue = world.catalogue(entry)
      const data = await world.data(load)
      topics.push(...topicsOf(catalogue, load, await data.personRecords(catalogue, person)))
    }
    return { topics }
  })
