// @ts-check
/** Builds what a browser runs into the folder that is named: the portals (one page, hashed files) and, if there is one, the consent card. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { root } from './ready.js'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: build-web.js FOLDER')

/** @type {import('vite').InlineConfig} */
const shared = { configFile: false, logLevel: 'warn', root: join(root, 'src', 'web') }

await build({
  ...shared,
  plugins: [react()],
  // The server puts a fresh nonce in place of this word at each delivery (src/server/web.ts).
  html: { cspNonce: 'nonce-placeholder' },
  build: {
    outDir: folder,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // Which file loads which: test/web/size.test.ts reads it.
    manifest: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
})

const card = join(root, 'src', 'embed', 'card.ts')
if (existsSync(card))
  await build({
    ...shared,
    root,
    publicDir: false,
    build: {
      outDir: join(folder, 'embed'),
      emptyOutDir: true,
      target: 'es2022',
      reportCompressedSize: false,
      lib: { entry: card, formats: ['es'], fileName: () => 'consent.js' },
    },
  })

// Beside each text a compressed one, which the server sends to whoever accepts it.
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|css)$/.test(name)) continue
  const text = readFileSync(join(folder, name))
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text))
  writeFileSync(join(folder, `${name}.gz`), gzipSync(text, { level: 9 }))
}
