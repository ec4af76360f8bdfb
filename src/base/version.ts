/** Version of this program; equal to package.json (test/version.test.ts). Committed with every release. */
export const version = '0.1.0'
