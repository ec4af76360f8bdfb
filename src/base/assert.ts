/** A bug: something that cannot be if the code is right. Assertions stay on in production. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/** Throws a Bug when the condition does not hold. The message says what must hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message)
}

/** For the default branch of a switch over a closed union. */
export function unreachable(value: never): never {
  throw new Bug(`unexpected case: ${String(value)}`)
}
