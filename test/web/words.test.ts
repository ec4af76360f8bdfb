import { describe, expect, it } from 'vitest'
import { parseSource, readSources } from '../walls/source.ts'
import { fixedWords, pairsIn } from './words.ts'

/** The same in both languages: names, formats, and words that German has taken over. */
const same = [
  'Usufruct',
  'usufruct',
  'Node',
  'Hash (SHA-256)',
  'API',
  'SQL',
  'CSV',
  'JSON',
  'PDF',
  'OpenAPI',
  'Name',
  'Version',
  'Login',
  'E-Mail',
  'rho',
  'Rho',
  'epsilon',
  'delta',
  'Python',
  'psql',
  'curl',
  'Person',
  'Notebook',
  'in',
  'Node',
  'usufruct',
  'Hash (SHA-256)',
]

const screens = readSources().filter(({ path }) => /^web\/.*\.tsx?$/.test(path))
/** An address is one in every language. */
const isName = (text: string): boolean =>
  !/\p{L}{2,}/u.test(text) || /^\/[a-z./-]*$/.test(text) || same.includes(text.replaceAll('|', '').trim())

describe('the words of the portals', () => {
  it('are German in German: each differs from the English one, or is a name', () => {
    const pairs = screens.flatMap((source) => pairsIn(source.tree).map((pair) => ({ ...pair, file: source.path })))
    expect(pairs.length).toBeGreaterThan(100)
    const wrong = pairs.filter(({ en, de }) => (en === de ? !isName(en) : !bothThere(en, de)))
    expect(wrong.map(({ file, path, en }) => `src/${file} ${path}: ${en}`)).toEqual([])
  })

  it('stand in texts({ en, de }): no screen has a word that is fixed', () => {
    const wrong = screens.flatMap((source) =>
      fixedWords(source.tree)
        .filter((word) => !isName(word))
        .map((word) => `src/${source.path}: ${word}`),
    )
    expect(wrong).toEqual([])
  })

  it('and these two checks find what they look for', () => {
    const { tree } = parseSource(
      'web/x.tsx',
      `const text = texts({ en: { a: 'yes', b: (n: string) => \`\${n} people\`, c: ['one', 'two'], d: 'more' }, de: { a: 'yes', b: (n: string) => \`\${n} Menschen\`, c: ['eins', 'two'] } })
       export const X = () => <p title="Close"><b>Hello there</b><code>npm start</code>{text.en.a}</p>`,
    )
    const wrong = pairsIn(tree).filter(({ en, de }) => en === de || de === '')
    expect(wrong.map(({ path }) => path)).toEqual(['a', 'c[1]', 'd'])
    expect(fixedWords(tree)).toEqual(['title="Close"', 'Hello there'])
  })
})

/** A text may be empty in one language where another text says it; then English speaks itself (the verifier's words). */
const bothThere = (en: string, de: string): boolean => de !== '' && (en !== '' || de !== '(there)')
