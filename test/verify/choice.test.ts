import { expect, it } from 'vitest'
import { rationalText } from '../../src/base/rational.ts'
import { exponentialEpsilon } from '../../src/privacy/exponential.ts'
import { Broken, noiseFollows } from '../../src/verify/index.ts'

const release = (channel: Record<string, unknown>, nano = 50_000n) => ({
  nano: `${nano}`,
  channels: [{ measure: 0, part: 'bound', nano: `${nano}`, sensitivitySquared: '1', sigma2: '0', ...channel } as never],
})

it('a choice of a bound verifies with the epsilon that its charge means, and with no other', () => {
  for (const nano of [1n, 50_000n, 123_456n, 500_000n, 5_000_000n, 10n ** 9n]) {
    const { n, d } = exponentialEpsilon(nano)
    expect(noiseFollows(release({ epsilon: rationalText({ n, d }) }, nano))).toContain('follows')
    const [more, less] = [1n, -1n].map((step) => rationalText(rationalOf(n * 2n ** 20n + step * d, d * 2n ** 20n)))
    for (const epsilon of [more, less]) expect(() => noiseFollows(release({ epsilon }, nano))).toThrow(Broken)
  }
})

it('a choice that claims noise, or a larger change of one person, or finer steps does not verify', () => {
  const epsilon = rationalText(exponentialEpsilon(50_000n))
  for (const wrong of [{ sigma2: '10000' }, { sensitivitySquared: '4' }, { epsilon: '1/50' }, { epsilon: '0' }])
    expect(() => noiseFollows(release({ epsilon, ...wrong }))).toThrow(Broken)
  // Without noise and without an epsilon nothing protects anybody.
  expect(() => noiseFollows(release({}))).toThrow(Broken)
})

function rationalOf(n: bigint, d: bigint) {
  let [a, b] = [n, d]
  while (b !== 0n) [a, b] = [b, a % b]
  return { n: n / a, d: d / a }
}
