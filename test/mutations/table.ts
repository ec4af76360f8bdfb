import type { Mutation } from './list.ts'

/** docs/mutations.md, written from the list by `USUFRUCT_WRITE=1 npm test -- test/mutations.test.ts`. */
export const page = (mutations: readonly Mutation[]): string => `# Mutations

A test is worth what it catches. Each line is a deliberate mistake in the sources and the test that fails when it is made: \`test/mutations/list.ts\` holds the
exact edits, \`npm run test:long -- test/mutations.long.test.ts\` makes them one after the other in a copy of the tree and expects the named test to fail, after
it has passed without the mistake. \`npm test\` checks that every text to be changed is still there, once, and that this page is the list.

| mistake in \`src/\` | what breaks | test that catches it |
|---|---|---|
${mutations.map(({ name, file, breaks, test, title }) => `| ${name} (\`${file}\`) | ${breaks} | \`test/${test}\`: ${title} |`).join('\n')}
`
