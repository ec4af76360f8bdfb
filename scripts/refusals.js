// @ts-check
/** node scripts/refusals.js: writes docs/refusals.md from the catalogue of refusals and from the faults that src/ throws. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { orExplain } from './not-ready.js'
import { ensureBuilt, ensureInstalled, filesBelow, root } from './ready.js'

/** `${…}` in a template, with templates of its own at most one deep. */
const inserted = '\\$\\{(?:[^{}`]|`[^`]*`)*\\}'

/** @typedef {{ code: string, says: string[], remedies: string[] }} FaultEntry */

if (process.argv[1] === fileURLToPath(import.meta.url))
  await orExplain(async () => {
    ensureInstalled()
    ensureBuilt()
    const { refusals } = await import(pathToFileURL(join(root, 'dist', 'base', 'refusal.js')).href)
    writeFileSync(join(root, 'docs', 'refusals.md'), refusalsPage(refusals, faultsIn(readSources())))
  })

/** Texts of all TypeScript files of src/, in order of their paths. */
export function readSources(folder = root) {
  return filesBelow(folder, 'src')
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
}

/**
 * The faults that sources throw: each code with the different messages and remedies that stand beside it.
 * @param {readonly string[]} sources @returns {FaultEntry[]}
 */
export function faultsIn(sources) {
  /** @type {Map<string, FaultEntry>} */
  const found = new Map()
  const text = `'(?:[^'\\\\\\n]|\\\\.)*'|\`(?:[^\`\\\\$]|\\\\.|\\$(?!\\{)|${inserted})*\``
  const fault = new RegExp(`new Fault\\(\\s*'([^']+)',\\s*(${text})?(?:,\\s*\\{\\s*hint:\\s*(${text}))?`, 'g')
  for (const source of sources)
    for (const [, code = '', says, remedy] of source.matchAll(fault)) {
      const entry = found.get(code) ?? { code, says: [], remedies: [] }
      found.set(code, entry)
      keep(entry.says, says)
      keep(entry.remedies, remedy)
    }
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** @param {string[]} texts @param {string | undefined} literal */
function keep(texts, literal) {
  if (literal === undefined) return
  const text = literal.slice(1, -1).replace(new RegExp(inserted, 'g'), '…').replace(/\\(.)/g, '$1')
  if (!texts.includes(text)) texts.push(text)
}

/**
 * The page. One section per refusal, so that the `type` of a problem can point at it.
 * @param {Readonly<Record<string, readonly [status: number, meaning: string]>>} refusals @param {readonly FaultEntry[]} faults
 */
export function refusalsPage(refusals, faults) {
  const codes = Object.entries(refusals)
  return `# Refusals and faults

<!-- Made by scripts/refusals.js from src/base/refusal.ts and the faults in src/. Do not edit: run \`npm run docs\`. -->

**A refusal is an answer.** It is a value with a stable code, a sentence and, where there is one, what to write or do instead; a refusal by law
also names the rules that decided, with their citations. It depends on public facts and on your own request only, never on anybody's data.
Over HTTP it is a problem document (RFC 9457): \`code\` and \`status\` are those below, and \`type\` ends with the code. On the command line a
refusal ends with its own exit code and, with \`--json\`, prints the same document.

**A fault is the world failing**: a disk, a database, a damaged home. Faults stand in the second list. A message that is neither is a bug.

## Refusals

| code | status | meaning |
|---|---:|---|
${codes.map(([code, [status, meaning]]) => `| [${code}](#${code}) | ${status} | ${cell(meaning)} |`).join('\n')}

${codes.map(([code, [status, meaning]]) => `<a id="${code}"></a>\n\n### ${code}\n\n${meaning} HTTP status ${status}.`).join('\n\n')}

## Faults

| code | says | what to do |
|---|---|---|
${faults.map(({ code, says, remedies }) => `| <a id="${code}"></a>${code} | ${cell(says.join(' · '))} | ${cell(remedies.join(' · '))} |`).join('\n')}
`
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
