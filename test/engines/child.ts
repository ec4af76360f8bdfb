import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freshFolder } from './world.ts'

/** Runs the compiled engines in processes of their own, which can be killed or limited. */

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
let compiled: string | undefined

/** Compiles src/engines once into a folder of its own; gives the folder. */
export function compileEngines(): string {
  if (compiled) return compiled
  const folder = freshFolder()
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      rootDir: join(root, 'src'),
      outDir: join(folder, 'dist'),
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [join(root, 'src/engines')],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  mkdirSync(join(folder, 'dist'))
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { stdio: 'pipe' })
  compiled = folder
  return folder
}

export interface Child {
  readonly process: ChildProcess
  /** Resolves when the child has printed the line. */
  printed(line: string): Promise<void>
  /** Everything printed so far. */
  output(): string
  ended: Promise<unknown>
}

/** Starts a module text; `imports` is what it can import as "./dist/…". `limitBlocks`: largest file it may write, 512-byte blocks. */
export function startChild(source: string, options: { readonly limitBlocks?: number } = {}): Child {
  const folder = compileEngines()
  const script = join(folder, `child-${process.hrtime.bigint()}.js`)
  writeFileSync(script, source)
  const limit = options.limitBlocks === undefined ? '' : `ulimit -f ${options.limitBlocks} && `
  const child = spawn('sh', ['-c', `${limit}exec "$0" "$1"`, process.execPath, script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const collect = (block: Buffer) => {
    text += block.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const ended = once(child, 'close')
  return {
    process: child,
    output: () => text,
    ended,
    async printed(line) {
      while (!text.split('\n').includes(line)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the child ended: ${text}`)
        await Promise.race([once(child.stdout, 'data'), ended])
      }
    },
  }
}
