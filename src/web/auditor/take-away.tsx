import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { texts, useText } from '../i18n/language.tsx'
import { saveText } from '../ui/keep.ts'
import { Code, Facts, Page, Sheet } from '../ui/page.tsx'
import { Loaded } from '../ui/states.tsx'
import { useLogKey, useNewest } from './api.ts'
import { Shell } from './shell.tsx'

/** What do I take away, to check without this server? */
export function TakeAwayScreen() {
  const words = useText(text)
  return (
    <Shell>
      <Page title={words.title} lead={words.lead}>
        <Sheet title={words.keyTitle}>
          <p>{words.key}</p>
          <Loaded query={useLogKey()}>
            {(key) => (
              <>
                <Code>{key}</Code>
                <div>
                  <Button onClick={() => saveText('log-key.txt', `${key}\n`)}>{words.saveKey}</Button>
                </div>
              </>
            )}
          </Loaded>
        </Sheet>
        <Sheet title={words.pointTitle}>
          <p>{words.point}</p>
          <Loaded query={useNewest()}>
            {({ checkpoints: [newest] }) =>
              newest === undefined ? (
                <p>{words.noPoint}</p>
              ) : (
                <>
                  <Code>{newest.note.trimEnd()}</Code>
                  <div className="u-row">
                    <Button variant="default" onClick={() => saveText('checkpoint.txt', newest.note)}>
                      {words.savePoint}
                    </Button>
                    <Link to="/verify/checkpoints">{words.toPoints}</Link>
                  </div>
                </>
              )
            }
          </Loaded>
        </Sheet>
        <Sheet title={words.offlineTitle}>
          <p>{words.offline}</p>
          <Code>usufruct verify receipt.json --key log-key.txt</Code>
          <p>{words.says}</p>
        </Sheet>
        <Sheet title={words.ownTitle}>
          <p>{words.own}</p>
          <Facts
            items={[
              [words.format, <code key="format">docs/receipt.md</code>],
              [words.verifier, <code key="verifier">src/verify</code>],
              [
                words.tiles,
                <a key="tiles" href="/log/checkpoint">
                  {words.tilesAt}
                </a>,
              ],
              [
                words.api,
                <a key="api" href="/openapi.json">
                  /openapi.json
                </a>,
              ],
            ]}
          />
        </Sheet>
      </Page>
    </Shell>
  )
}

const text = texts({
  en: {
    title: 'Take away',
    lead: 'What do I need to check everything without this server?',
    keyTitle: 'The key of the log',
    key: 'All proof hangs on this key. Get it once from here and once from somewhere else, say printed in the annual report, and compare.',
    saveKey: 'Save the key',
    pointTitle: 'The newest checkpoint',
    point: 'With it you can show later what the log was today.',
    noPoint: 'The log has no checkpoint yet.',
    savePoint: 'Save the checkpoint',
    toPoints: 'All checkpoints',
    offlineTitle: 'Check a receipt without a network',
    offline: 'The program is open and needs the receipt and the key, nothing else:',
    says: 'It prints each check with its result, and exits with 0 only when all hold.',
    ownTitle: 'Write a verifier of your own',
    own: 'The format is described exactly enough that you need none of our code.',
    format: 'Format of receipts and proofs',
    verifier: 'Our verifier, no dependencies',
    tiles: 'The whole log as tiles (C2SP)',
    tilesAt: '/log/checkpoint and /log/tile/…',
    api: 'The API in full',
  },
  de: {
    title: 'Mitnehmen',
    lead: 'Was brauche ich, um alles ohne diesen Server zu prüfen?',
    keyTitle: 'Der Schlüssel des Protokolls',
    key: 'An diesem Schlüssel hängt jeder Beweis. Holen Sie ihn einmal hier und einmal anderswo, etwa gedruckt aus dem Jahresbericht, und vergleichen Sie.',
    saveKey: 'Schlüssel sichern',
    pointTitle: 'Der neueste Stand',
    point: 'Mit ihm können Sie später zeigen, wie das Protokoll heute aussah.',
    noPoint: 'Das Protokoll hat noch keinen Stand.',
    savePoint: 'Stand sichern',
    toPoints: 'Alle Stände',
    offlineTitle: 'Einen Beleg ohne Netz prüfen',
    offline: 'Das Programm ist offen und braucht den Beleg und den Schlüssel, sonst nichts:',
    says: 'Es nennt jede Prüfung mit ihrem Ergebnis und endet nur dann mit 0, wenn alle stimmen.',
    ownTitle: 'Selbst ein Prüfprogramm schreiben',
    own: 'Das Format ist so genau beschrieben, dass Sie nichts von unserem Quelltext brauchen.',
    format: 'Format der Belege und Beweise',
    verifier: 'Unser Prüfprogramm, ohne Abhängigkeiten',
    tiles: 'Das ganze Protokoll als Kacheln (C2SP)',
    tilesAt: '/log/checkpoint und /log/tile/…',
    api: 'Die ganze Schnittstelle',
  },
})
