// @ts-check
/**
 * Run after `npm install` changed package-lock.json: names the platform packages that the registry of that moment did not have.
 *
 * Packages with native parts list one optional package per platform. Where the registry in use mirrors only some of them, npm leaves the others
 * out of the lock file, and then refuses it: `npm ci` says "Missing … from lock file". Each is entered here with its version and platform,
 * without a checksum, so that npm knows it and skips it where it does not fit. Addresses of downloads are left out as well.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** @typedef {{ version?: string, resolved?: string, dev?: boolean, optional?: boolean, optionalDependencies?: Record<string, string>, os?: string[], cpu?: string[], libc?: string[] }} Entry */

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: complete(lock.packages) }, null, 2)}\n`)
}

/** The packages of a lock file with every exactly pinned platform package named. @param {Record<string, Entry>} packages */
export function complete(packages) {
  /** @type {Record<string, Entry>} */
  const all = {}
  for (const [at, { resolved: _, ...entry }] of Object.entries(packages)) {
    all[at] = entry
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`
      const platform = platformOf(name)
      if (packages[place] || !platform || !/^\d/.test(version)) continue
      all[place] = { version, ...platform, ...(entry.dev ? { dev: true } : {}), optional: true }
    }
  }
  const { '': project = {}, ...rest } = all
  return { '': project, ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))) }
}

/** What a name such as "binding-linux-arm64-musl" says about the platform; undefined when it says nothing. @param {string} name */
export function platformOf(name) {
  const words = name.split(/[-/]/)
  const os = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'].filter((word) => words.includes(word))
  const cpu = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'].filter((word) => words.includes(word))
  if (os.length !== 1 || cpu.length !== 1) return undefined
  const musl = words.some((word) => word.startsWith('musl'))
  return { os, cpu, ...(os[0] === 'linux' ? { libc: [musl ? 'musl' : 'glibc'] } : {}) }
}
