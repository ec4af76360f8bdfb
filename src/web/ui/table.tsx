import type { ReactNode } from 'react'

export interface Column<T> {
  readonly title: string
  /** Numbers stand to the right. */
  readonly right?: boolean
  readonly cell: (row: T) => ReactNode
}

/** A table with a caption; on a narrow screen each row becomes a small list of its own. The first column names the row. */
export function DataTable<T>({
  caption,
  columns,
  rows,
  keyOf,
  quiet,
}: {
  readonly caption: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly keyOf: (row: T, index: number) => string
  /** Rows that matter less, such as noise: lighter, still there. */
  readonly quiet?: (row: T) => boolean
}) {
  return (
    <div className="u-table-scroll">
      <table className="u-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" className={column.right ? 'u-right' : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)} data-quiet={quiet?.(row) === true}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.title} scope="row">
                    <div>{column.cell(row)}</div>
                  </th>
                ) : (
                  <td key={column.title} data-label={column.title} className={column.right ? 'u-right' : undefined}>
                    <div>{column.cell(row)}</div>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
