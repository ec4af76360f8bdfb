import { useEffect, useRef } from 'react'
import styles from './chart.module.css'

type PlotModule = typeof import('@observablehq/plot')
type PlotOptions = Parameters<PlotModule['plot']>[0]

/**
 * Draws with Observable Plot, which is loaded with the first chart. The picture is for the eye: `label` says in one sentence what it shows, and
 * each caller gives the same numbers as a table or a list.
 */
export function Drawing({
  label,
  draw,
}: {
  readonly label: string
  readonly draw: (plot: PlotModule, width: number) => PlotOptions
}) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const node = place.current
    if (node === null) return
    let gone = false
    const paint = async () => {
      const plot = await import('@observablehq/plot')
      if (gone) return
      const picture = plot.plot({ ...draw(plot, Math.max(240, node.clientWidth)), className: 'chart' })
      // The page's policy admits no style sheets from scripts; ours (chart.module.css) says what this one would.
      for (const sheet of picture.querySelectorAll('style')) sheet.remove()
      // Its parts carry names without a role; the place around it says what is to be read.
      picture.setAttribute('aria-hidden', 'true')
      for (const part of picture.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
      node.replaceChildren(picture)
    }
    const watcher = new ResizeObserver(() => void paint())
    watcher.observe(node)
    return () => {
      gone = true
      watcher.disconnect()
    }
  }, [draw])
  return <div ref={place} role="img" aria-label={label} className={styles.place} />
}
