import { useCallback, useId, useState } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Drawing } from './plot.tsx'

/** One value with the half-widths within which it lies with 50, 80 and 95 % certainty, as decimal texts. */
export interface Estimate {
  readonly label: string
  readonly value: string
  readonly half50: string
  readonly half80: string
  readonly half95: string
  readonly word?: string | undefined
  /** Where the value can lie at all: bands end there, as those of a share at 0 and 100 %. */
  readonly within?: readonly [least: number, most: number] | undefined
}

/**
 * Dots with graded intervals instead of bars with whiskers, which make readers see an edge where there is none (Correll and Gleicher 2014).
 * Arrow keys walk through the values and read each out.
 */
export function IntervalChart({
  title,
  estimates,
}: {
  readonly title: string
  readonly estimates: readonly Estimate[]
}) {
  const words = useText(text)
  const format = useFormat()
  const [at, setAt] = useState<number | undefined>(undefined)
  const hint = useId()
  const sentence = (one: Estimate): string => words.one(one.label, format.number(one.value), format.number(one.half95))
  const draw = useCallback(
    (plot: typeof import('@observablehq/plot'), width: number) => {
      // Pixels, not money: a picture may round.
      const points = estimates.map((one, index) => ({
        label: one.label,
        value: Number(one.value),
        index,
        bands: [Number(one.half95), Number(one.half80), Number(one.half50)],
        within: one.within ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      }))
      const band = (nth: number, opacity: number, thickness: number) =>
        plot.ruleY(points, {
          x1: (d) => Math.max(d.within[0], d.value - d.bands[nth]),
          x2: (d) => Math.min(d.within[1], d.value + d.bands[nth]),
          y: 'label',
          stroke: 'var(--accent)',
          strokeOpacity: opacity,
          strokeWidth: thickness,
        })
      const longest = Math.max(...points.map((one) => one.label.length), 4)
      return {
        width,
        height: points.length * 30 + 44,
        marginLeft: Math.min(width * 0.36, longest * 7 + 14),
        marginRight: 16,
        x: { label: null, grid: true, zero: true, nice: true, ticks: Math.max(2, Math.floor(width / 110)) },
        y: { label: null, domain: points.map((one) => one.label), tickSize: 0, type: 'band' as const },
        marks: [
          plot.ruleX([0], { stroke: 'var(--line-strong)' }),
          band(0, 0.28, 12),
          band(1, 0.4, 12),
          band(2, 0.6, 12),
          plot.dot(points, {
            x: 'value',
            y: 'label',
            r: (d: { index: number }) => (d.index === at ? 6 : 4),
            fill: 'var(--ink)',
            stroke: 'var(--sheet)',
            strokeWidth: 1.5,
          }),
        ],
      }
    },
    [estimates, at],
  )
  const walk = (key: string): void => {
    const last = estimates.length - 1
    if (key === 'ArrowDown' || key === 'ArrowRight') setAt(at === undefined ? 0 : Math.min(last, at + 1))
    else if (key === 'ArrowUp' || key === 'ArrowLeft') setAt(at === undefined ? last : Math.max(0, at - 1))
    else if (key === 'Escape') setAt(undefined)
  }
  const chosen = at === undefined ? undefined : estimates[at]
  return (
    <figure className="u-stack" style={{ margin: 0 }}>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of values, not of form fields */}
      <div
        role="group"
        aria-label={title}
        aria-describedby={hint}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk through the values of the picture
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key.startsWith('Arrow')) event.preventDefault()
          walk(event.key)
        }}
        onBlur={() => setAt(undefined)}
      >
        <Drawing label={words.summary(title, estimates.map(sentence).slice(0, 12))} draw={draw} />
      </div>
      <figcaption className="u-small u-soft" id={hint}>
        {words.legend}
      </figcaption>
      <div aria-live="polite" className="u-small">
        {chosen === undefined ? '' : sentence(chosen)}
      </div>
    </figure>
  )
}

const text = texts({
  en: {
    one: (label: string, value: string, half: string) => `${label}: ${value}, give or take ${half}`,
    summary: (title: string, lines: readonly string[]) => `${title}. ${lines.join('. ')}`,
    legend: 'Dot: the value with its noise. Bands: where the value without noise lies with 50, 80 and 95 % certainty.',
  },
  de: {
    one: (label: string, value: string, half: string) => `${label}: ${value}, plus oder minus ${half}`,
    summary: (title: string, lines: readonly string[]) => `${title}. ${lines.join('. ')}`,
    legend:
      'Punkt: der Wert mit seinem Rauschen. Bänder: wo der Wert ohne Rauschen mit 50, 80 und 95 % Sicherheit liegt.',
  },
})
