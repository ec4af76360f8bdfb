import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'
import { ensureBuilt, root } from '../../scripts/ready.js'

/** Runs a block as a reader's shell would, with `usufruct` on the PATH. */
const run = (block: string, cwd: string, bin: string): Promise<{ code: number | null; text: string }> =>
  new Promise((done, fail) => {
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, USUFRUCT_HOME: '' }
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', block], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part) => {
        text += part
      })
    child.once('error', fail)
    child.once('close', (code) => done({ code, text }))
  })

it('the tutorial runs as it stands, block after block', async () => {
  ensureBuilt()
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-tutorial-'))
  try {
    const [shop, bin] = [join(folder, 'shop'), join(folder, 'bin')]
    for (const one of [shop, bin]) await mkdir(one)
    const command = join(bin, 'usufruct')
    await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'bin', 'usufruct.js')}" "$@"\n`)
    await chmod(command, 0o755)
    const page = await readFile(join(root, 'docs', 'tutorial.md'), 'utf8')
    const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] as string)
    expect(blocks.length).toBeGreaterThan(10)
    let all = ''
    for (const block of blocks) {
      const { code, text } = await run(block, shop, bin)
      expect(code, `${block}\n${text}`).toBe(0)
      all += text
    }
    for (const promise of ['the same bytes', 'exit code 1', 'The receipt verifies.', 'refused query.person_exposed'])
      expect(all).toContain(promise)
    expect(all.match(/The books agree/g)).toHaveLength(2)
    expect(all).not.toMatch(/^BAD/m)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 240_000)
