import { dirname } from 'node:path'
import type { Disk } from '../../src/tlog/disk.ts'

interface File {
  bytes: Uint8Array
  /** What fsync has made sure of. */
  durable: Uint8Array | undefined
}

/**
 * A disk that forgets: content without fsync, names without fsync of their folder and folders without fsync of theirs may be gone after a crash,
 * or not, as `keep` decides. `step` is called before each effect, and in the middle of a write.
 */
export class MemoryDisk implements Disk {
  files = new Map<string, File>()
  folders = new Set<string>(['.'])
  step: (name: string) => void = () => {}
  #durableFiles = new Map<string, File>()
  #durableFolders = new Set<string>(['.'])

  async read(path: string) {
    return this.files.get(path)?.bytes
  }
  async list(folder: string) {
    return [...this.files.keys()]
      .filter((path) => dirname(path) === folder)
      .map((path) => path.slice(folder.length + 1))
  }
  async makeFolder(folder: string) {
    this.step(`makeFolder ${folder}`)
    let made = false
    for (let at = folder; !this.folders.has(at); at = dirname(at)) {
      this.folders.add(at)
      made = true
    }
    return made
  }
  async write(path: string, bytes: Uint8Array) {
    this.step(`write ${path}`)
    if (!this.folders.has(dirname(path))) throw new Error(`no folder for ${path}`)
    const file: File = { bytes: bytes.slice(0, bytes.length >> 1), durable: undefined }
    this.files.set(path, file)
    this.step(`write second half of ${path}`)
    file.bytes = new Uint8Array(bytes)
    file.durable = file.bytes
  }
  async rename(from: string, to: string) {
    this.step(`rename to ${to}`)
    const file = this.files.get(from)
    if (file === undefined || !this.folders.has(dirname(to))) throw new Error(`cannot rename ${from} to ${to}`)
    this.files.delete(from)
    this.files.set(to, file)
  }
  async syncFolder(folder: string) {
    this.step(`syncFolder ${folder}`)
    for (const path of this.#durableFiles.keys())
      if (dirname(path) === folder && !this.files.has(path)) this.#durableFiles.delete(path)
    for (const [path, file] of this.files) if (dirname(path) === folder) this.#durableFiles.set(path, file)
    for (const child of this.folders) if (dirname(child) === folder) this.#durableFolders.add(child)
  }
  async remove(path: string) {
    this.step(`remove ${path}`)
    for (const name of [...this.files.keys()]) if (name === path || name.startsWith(`${path}/`)) this.files.delete(name)
    for (const name of [...this.folders]) if (name === path || name.startsWith(`${path}/`)) this.folders.delete(name)
  }

  /** Power fails. Everything that was not made sure of survives only if `keep` says so, name by name. */
  crash(keep: (path: string) => boolean): void {
    const surviving = new Map<string, File>()
    for (const path of new Set([...this.#durableFiles.keys(), ...this.files.keys()])) {
      const kept = keep(path)
      const file = kept ? this.files.get(path) : this.#durableFiles.get(path)
      const reachable = kept || this.#isDurableFolder(dirname(path))
      if (file === undefined || !reachable) continue
      const bytes = file.durable ?? (kept ? file.bytes : new Uint8Array())
      surviving.set(path, { bytes, durable: bytes })
    }
    this.files = surviving
    this.#durableFiles = new Map(surviving)
    this.folders = new Set(['.'])
    for (const path of surviving.keys()) for (let at = dirname(path); at !== '.'; at = dirname(at)) this.folders.add(at)
    this.#durableFolders = new Set(this.folders)
  }

  #isDurableFolder(folder: string): boolean {
    for (let at = folder; at !== '.'; at = dirname(at)) if (!this.#durableFolders.has(at)) return false
    return true
  }
}
