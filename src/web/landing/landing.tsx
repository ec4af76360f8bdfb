import { Link } from '@tanstack/react-router'
import { texts, useText } from '../i18n/language.tsx'
import { useDemo } from '../ui/demo-notice.tsx'
import { Frame } from '../ui/frame.tsx'
import { Facts, Page, Sheet } from '../ui/page.tsx'

/** Where do I go? */
export function Landing() {
  const words = useText(text)
  const demo = useDemo().data
  return (
    <Frame portal={words.portal} home="/" narrow>
      <Page title={words.title} lead={words.lead}>
        {words.doors.map((door) => (
          <Sheet key={door.to} title={door.name}>
            <p>{door.what}</p>
            <div className="u-row">
              <Link to={door.to}>{door.go}</Link>
              {demo === null || demo === undefined ? null : (
                <span className="u-soft u-small">
                  {demo.logins
                    .filter((one) => one.portal === door.to)
                    .map((one) => `${one.login} / ${one.password}`)
                    .join(' · ')}
                </span>
              )}
            </div>
          </Sheet>
        ))}
        {demo === null || demo === undefined ? null : (
          <Sheet title={words.demo}>
            <p>{words.demoLinks}</p>
            <Facts
              items={demo.members.map((one) => [
                one.person,
                <a key={one.person} href={one.link}>
                  {words.open}
                </a>,
              ])}
            />
            <a href="/shop">{words.shop}</a>
          </Sheet>
        )}
      </Page>
    </Frame>
  )
}

const text = texts({
  en: {
    portal: 'welcome',
    title: 'Customer data monetization your customers would agree to',
    lead: 'Companies sell answers, never records. Only customers who said yes are counted, each of them is paid, and every answer carries a proof.',
    doors: [
      {
        to: '/me',
        name: 'I am a customer',
        what: 'See who asked what, what you allowed and what you earned; change your mind at any time.',
        go: 'My data',
      },
      {
        to: '/buy',
        name: 'I want answers',
        what: 'Ask in SQL or in plain words. Price, privacy loss and error come before the question is run. Answers, never people.',
        go: 'Catalogue and workbench',
      },
      {
        to: '/steward',
        name: 'I answer for the data',
        what: 'Products, consent, buyers, privacy budget and the book of money.',
        go: 'Console',
      },
      {
        to: '/verify',
        name: 'I want to check',
        what: 'Every release, price and payment is committed in a public log. No account needed.',
        go: 'Verify',
      },
    ],
    demo: 'People of this made-up world',
    demoLinks: 'One-time links, as the house would send them. Each signs in one made-up customer.',
    open: 'open the link',
    shop: 'The shop of this world, with the consent card in it',
  },
  de: {
    portal: 'Willkommen',
    title: 'Kundendaten nutzen, wie Ihre Kunden es wollen',
    lead: 'Unternehmen verkaufen Antworten, nie Datensätze. Gezählt wird nur, wer Ja gesagt hat; jede und jeder davon wird bezahlt, und jede Antwort trägt einen Beweis.',
    doors: [
      {
        to: '/me',
        name: 'Ich bin Kundin oder Kunde',
        what: 'Sehen Sie, wer was gefragt hat, was Sie erlaubt und was Sie verdient haben; ändern Sie Ihre Meinung jederzeit.',
        go: 'Meine Daten',
      },
      {
        to: '/buy',
        name: 'Ich möchte Antworten',
        what: 'Fragen Sie in SQL oder in einfachen Worten. Preis, Privatheitsverlust und Fehler stehen vorher fest. Antworten, nie Personen.',
        go: 'Katalog und Werkbank',
      },
      {
        to: '/steward',
        name: 'Ich verantworte die Daten',
        what: 'Produkte, Einwilligungen, Käufer, Privatheitsbudget und das Geldbuch.',
        go: 'Konsole',
      },
      {
        to: '/verify',
        name: 'Ich möchte prüfen',
        what: 'Jede Veröffentlichung, jeder Preis und jede Zahlung ist in einem öffentlichen Log festgehalten. Ohne Konto.',
        go: 'Prüfen',
      },
    ],
    demo: 'Menschen dieser erfundenen Welt',
    demoLinks: 'Einmal-Links, wie das Haus sie verschicken würde. Jeder meldet eine erfundene Person an.',
    open: 'Link öffnen',
    shop: 'Der Laden dieser Welt, mit der Einwilligungskarte darin',
  },
})
