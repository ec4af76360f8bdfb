import { openMemoryBooks } from '../../src/store/memory/books.ts'
import { emptyState } from '../../src/store/memory/state.ts'
import { type Opened, testLaw } from './book-world.ts'

/** Fresh books in memory. A restart finds plain data: the state is copied, so nothing survives in a closure. */
export async function openInMemory(): Promise<Opened> {
  let state = emptyState()
  return {
    books: openMemoryBooks({ law: testLaw, state }),
    async reopen() {
      state = structuredClone(state)
      return openMemoryBooks({ law: testLaw, state })
    },
    async close() {},
  }
}
