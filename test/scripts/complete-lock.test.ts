import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { complete, platformOf } from '../../scripts/complete-lock.js'
import { root } from '../../scripts/ready.js'

describe('package-lock.json', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

  it('names every platform package, so that npm ci takes it whatever the registry mirrors, and no address (node scripts/complete-lock.js)', () => {
    expect(complete(lock.packages)).toEqual(lock.packages)
  })
})

describe('completing a lock file', () => {
  it('enters the platforms that are missing, and leaves addresses out', () => {
    const packages = {
      '': {},
      'node_modules/tool': {
        version: '2.0.0',
        resolved: 'https://example.org/tool.tgz',
        dev: true,
        optionalDependencies: { '@tool/linux-arm64-musl': '2.0.0', '@tool/win32-x64': '2.0.0', '@tool/extra': '2.0.0' },
      },
      'node_modules/@tool/win32-x64': { version: '2.0.0', optional: true },
    }
    expect(complete(packages)).toEqual({
      '': {},
      'node_modules/@tool/linux-arm64-musl': {
        version: '2.0.0',
        os: ['linux'],
        cpu: ['arm64'],
        libc: ['musl'],
        dev: true,
        optional: true,
      },
      'node_modules/@tool/win32-x64': { version: '2.0.0', optional: true },
      'node_modules/tool': {
        version: '2.0.0',
        dev: true,
        optionalDependencies: packages['node_modules/tool'].optionalDependencies,
      },
    })
  })

  it.each([
    ['@oxc-parser/binding-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
    ['@oxc-parser/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
    ['@oxc-parser/binding-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
    ['@oxc-parser/binding-wasm32-wasi', undefined],
    ['fsevents', undefined],
  ])('reads the platform from the name %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform)
  })
})
