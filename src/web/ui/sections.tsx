import { Link } from '@tanstack/react-router'
import type { Place } from './frame.tsx'

/** The parts of one place of the rail, each at an address of its own. */
export function Sections({ label, places }: { readonly label: string; readonly places: readonly Place[] }) {
  return (
    <nav aria-label={label}>
      <ul className="u-sections">
        {places.map((place) => (
          <li key={place.to}>
            <Link to={place.to} activeOptions={{ exact: place.exact === true }}>
              {place.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
