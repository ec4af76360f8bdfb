/** Commands that make, replace or hold a home, or need none, and so are never carried out by the server of one. */
const verbs = ['init', 'restore', 'serve', 'demo', 'verify', 'help']

export function standalone(argv: readonly string[]): boolean {
  const words = argv.filter((one, at) => !one.startsWith('-') && argv[at - 1] !== '--home')
  return (
    verbs.includes(words[0] ?? '') ||
    (words[0] === 'contract' && words[1] === 'lint') ||
    (words[0] === 'query' && words[1] !== 'explain')
  )
}
