import { booksConformance } from './conformance.ts'
import { openInMemory } from './memory-opener.ts'

booksConformance('books in memory', openInMemory)
