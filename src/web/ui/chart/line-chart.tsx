import { useCallback } from 'react'
import { Drawing } from './plot.tsx'

/** A course over time. Values are for the eye alone; the caller says the numbers in words or a table. */
export interface Course {
  readonly name: string
  /** ISO days or instants, ascending. */
  readonly points: readonly { readonly at: string; readonly value: number }[]
  readonly tone?: 'accent' | 'ink' | 'amber'
  /** Keeps its value until the next point. */
  readonly steps?: boolean
}

export function LineChart({
  label,
  courses,
  limit,
  unit = '',
  whole = false,
}: {
  readonly label: string
  readonly courses: readonly Course[]
  /** A level that is not to be passed. */
  readonly limit?: { readonly value: number; readonly name: string } | undefined
  readonly unit?: string
  /** Values are counts: no mark of the axis lies between two whole numbers. */
  readonly whole?: boolean
}) {
  const draw = useCallback(
    (plot: typeof import('@observablehq/plot'), width: number) => ({
      width,
      height: Math.min(260, Math.max(180, width * 0.42)),
      marginLeft: 52,
      marginRight: 16,
      x: { type: 'utc' as const, label: null, ticks: Math.max(2, Math.floor(width / 110)) },
      y: {
        label: unit === '' ? null : unit,
        grid: true,
        zero: true,
        nice: true,
        ticks: whole ? wholeTicks(courses) : 5,
      },
      marks: [
        plot.ruleY([0], { stroke: 'var(--line-strong)' }),
        ...(limit === undefined
          ? []
          : [
              plot.ruleY([limit.value], { stroke: 'var(--brick)', strokeDasharray: '4 3' }),
              plot.text([limit], {
                y: 'value',
                text: 'name',
                frameAnchor: 'right' as const,
                dy: -8,
                fill: 'var(--brick)',
                textAnchor: 'end' as const,
              }),
            ]),
        ...courses.map((course) =>
          plot.lineY(
            course.points.map((point) => ({ at: new Date(point.at), value: point.value })),
            {
              x: 'at',
              y: 'value',
              stroke: course.tone === 'ink' ? 'var(--ink)' : course.tone === 'amber' ? 'var(--amber)' : 'var(--accent)',
              strokeWidth: 2,
              // Colour never speaks alone: the legend shows the same strokes.
              strokeDasharray: course.tone === 'amber' ? '6 3' : course.tone === 'ink' ? '2 3' : 'none',
              curve: course.steps ? ('step-after' as const) : ('linear' as const),
            },
          ),
        ),
      ],
    }),
    [courses, limit, unit, whole],
  )
  if (courses.length < 2) return <Drawing label={label} draw={draw} />
  return (
    <figure className="u-stack" style={{ margin: 0 }}>
      <Drawing label={label} draw={draw} />
      <figcaption className="u-legend">
        {courses.map((course) => (
          <span key={course.name} data-tone={course.tone ?? 'accent'}>
            {course.name}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

const wholeTicks = (courses: readonly Course[]): number =>
  Math.min(5, Math.max(1, ...courses.flatMap((course) => course.points.map((point) => point.value))))
