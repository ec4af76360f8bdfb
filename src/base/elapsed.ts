/**
 * Milliseconds on a clock that never goes back, from an arbitrary origin: for deadlines of outside processes and for telling how long something took.
 * Nothing that the books decide depends on it; their time is a Clock that is passed in.
 */
export const elapsed = (): number => performance.now()
