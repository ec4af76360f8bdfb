import { createReport } from './finding.ts'
import { field, textOf } from './part.ts'
import { readYaml } from './read.ts'

/** What a contract says of itself: "active", "draft", "deprecated", … Undefined when it does not say. */
export const statusOf = (yaml: string): string | undefined =>
  textOf(field(readYaml(yaml, createReport('contract')), 'status'))
