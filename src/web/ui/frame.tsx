import { Link, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useSession, useSignOut } from '../api/session.ts'
import { texts, useText } from '../i18n/language.tsx'
import { DemoNotice } from './demo-notice.tsx'
import styles from './frame.module.css'
import { LanguageChoice, ThemeChoice } from './preferences.tsx'

/** A place in a portal's rail. At most seven. */
export interface Place {
  readonly to: string
  readonly label: string
  /** Only this exact address, not those below it. */
  readonly exact?: boolean
}

/** What all portals share: the name of the house, the rail, who is signed in, and at the foot language, theme and the way to verify. */
export function Frame({
  portal,
  home,
  places = [],
  narrow = false,
  children,
}: {
  readonly portal: string
  readonly home: string
  readonly places?: readonly Place[]
  readonly narrow?: boolean
  readonly children: ReactNode
}) {
  const words = useText(text)
  const session = useSession().data
  const signOut = useSignOut()
  const main = useFocusOnArrival()
  const rail = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a narrow screen the rail scrolls to the side: the place where the reader is must be seen.
    const here = rail.current?.querySelector<HTMLElement>('[aria-current="page"]')
    const box = rail.current
    if (box && here) box.scrollLeft = Math.max(0, here.offsetLeft - box.clientWidth / 2 + here.offsetWidth / 2)
  })
  return (
    <div className={styles.frame}>
      <div>
        <a className={styles.skip} href="#main">
          {words.skip}
        </a>
        <DemoNotice className={styles.notice as string} />
      </div>
      <header className={styles.header}>
        <Link to={home} className={styles.brand as string}>
          <img src="/icon.svg" alt="" />
          <span>
            Usufruct <span className={styles.portal}>· {portal}</span>
          </span>
        </Link>
        <div className={styles.who}>
          {session ? (
            <>
              <span>{session.name}</span>
              <button type="button" className="u-link" onClick={() => void signOut()}>
                {words.signOut}
              </button>
            </>
          ) : null}
        </div>
      </header>
      <div className={`${styles.body} ${places.length === 0 ? styles.alone : ''} ${narrow ? styles.narrow : ''}`}>
        {places.length > 0 ? (
          <nav className={styles.rail} aria-label={portal} ref={rail}>
            <ul>
              {places.map((place) => (
                <li key={place.to}>
                  <Link to={place.to} activeOptions={{ exact: place.exact === true }}>
                    {place.label}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        ) : null}
        <main id="main" ref={main} tabIndex={-1} className={styles.main}>
          {children}
        </main>
      </div>
      <footer className={styles.footer}>
        <Link to="/verify">{words.verify}</Link>
        <a href="/openapi.json">{words.api}</a>
        <span className={styles.spring} />
        <LanguageChoice className={styles.choice as string} />
        <ThemeChoice className={styles.choice as string} />
      </footer>
    </div>
  )
}

/** After a change of place the focus goes to the new screen, so that a keyboard or a screen reader begins there. */
function useFocusOnArrival() {
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    main.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [path])
  return main
}

const text = texts({
  en: { skip: 'Skip to the content', signOut: 'Sign out', verify: 'Verify everything yourself', api: 'API' },
  de: { skip: 'Zum Inhalt springen', signOut: 'Abmelden', verify: 'Alles selbst prüfen', api: 'API' },
})
