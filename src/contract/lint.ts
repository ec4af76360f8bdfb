import type { Catalogue } from './catalogue.ts'
import { compile, type Terms } from './compile.ts'
import { createReport, type Finding } from './finding.ts'
import { normalise } from './normalise.ts'
import { readYaml } from './read.ts'
import { checkStandard, standardOf } from './standard.ts'

export type { Terms } from './compile.ts'
export { type Finding, type FindingCode, findingCodes } from './finding.ts'

export interface Linted {
  /** Everything that was found, in the order of the file. */
  readonly findings: readonly Finding[]
  /** Present exactly when no finding is an error. */
  readonly catalogue?: Catalogue
}

/**
 * Reads a data contract (Open Data Contract Standard 3.0.x, 3.1.0, 3.2.0, as YAML) and says everything that is wrong with it: the standard's own schema first,
 * then what the house needs of it. Never throws, whatever the bytes.
 */
export function lint(yaml: string | Uint8Array, fileName: string, terms: Terms): Linted {
  const report = createReport(fileName)
  const root = readYaml(yaml, report)
  const standard = root && standardOf(root, report)
  if (!root || !standard) return { findings: report.findings() }
  checkStandard(root, standard, report)
  const catalogue = compile(normalise(root, standard), yaml, terms, report)
  return { findings: report.findings(), ...(catalogue && { catalogue }) }
}
