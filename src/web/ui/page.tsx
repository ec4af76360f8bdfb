import { type ReactNode, useEffect } from 'react'

/** A screen: its name, the sentence it answers, its content. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children?: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Usufruct`
  }, [title])
  return (
    <div className="u-page">
      <header>
        <h1>{title}</h1>
        {lead === undefined ? null : <p>{lead}</p>}
        {actions === undefined ? null : <div className="u-row">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** A part of a screen with a heading of its own. */
export function Sheet({
  title,
  aside,
  children,
}: {
  readonly title?: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className="u-sheet" aria-label={title}>
      {title === undefined ? null : (
        <header>
          <h2>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  )
}

/** Something that is there when it is asked for. */
export function Details({ summary, children }: { readonly summary: ReactNode; readonly children: ReactNode }) {
  return (
    <details className="u-details">
      <summary>{summary}</summary>
      <div>{children}</div>
    </details>
  )
}

/** Names and what they are. */
export function Facts({ items }: { readonly items: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="u-facts">
      {items.map(([name, value]) => (
        <FactRow key={name} name={name} value={value} />
      ))}
    </dl>
  )
}
const FactRow = ({ name, value }: { readonly name: string; readonly value: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
)

/** The few numbers that a screen is about. */
export function Figures({
  items,
}: {
  readonly items: readonly { readonly label: string; readonly value: ReactNode; readonly note?: ReactNode }[]
}) {
  return (
    <dl className="u-figures">
      {items.map((item) => (
        <div className="u-figure" key={item.label}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
          {item.note === undefined ? null : <dd>{item.note}</dd>}
        </div>
      ))}
    </dl>
  )
}

export const Code = ({ children }: { readonly children: string }) => (
  <pre className="u-code">
    <code>{children}</code>
  </pre>
)
