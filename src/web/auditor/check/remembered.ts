/** The last checkpoint that this browser saw and checked. With it a log that is rewritten later, or shown differently, is found out. */
export interface Remembered {
  readonly key: string
  readonly note: string
  readonly at: string
}
const name = 'usufruct.checkpoint'

/** Undefined when there is none, when storage is forbidden, or when somebody else wrote there. */
export function recall(): Remembered | undefined {
  try {
    const value = JSON.parse(localStorage.getItem(name) ?? 'null') as Partial<Remembered> | null
    if (typeof value?.key !== 'string' || typeof value.note !== 'string' || typeof value.at !== 'string')
      return undefined
    return { key: value.key, note: value.note, at: value.at }
  } catch {
    return undefined
  }
}

/** Whether the browser keeps it. */
export function remember(seen: Remembered): boolean {
  try {
    localStorage.setItem(name, JSON.stringify(seen))
    return true
  } catch {
    return false
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(name)
  } catch {}
}
