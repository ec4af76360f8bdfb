import { type Opened, testLaw } from './book-world.ts'
import { openMemoryBooks } from './memory/books.ts'
import { emptyState } from './memory/state.ts'

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
