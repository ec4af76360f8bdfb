import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { texts, useText } from '../i18n/language.tsx'
import { FileDrop } from '../ui/drop.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Loaded } from '../ui/states.tsx'
import { useLogKey } from './api.ts'
import { ReceiptVerdict } from './receipt-verdict.tsx'
import { Shell } from './shell.tsx'
import { judge } from './verdict.ts'

/** Is this receipt true? Checked in this page; after it has loaded, without any network. */
export function ReceiptScreen() {
  const words = useText(text)
  const key = useLogKey()
  return (
    <Shell>
      <Page title={words.title} lead={words.lead}>
        <Loaded query={key}>{(logKey) => <Check logKey={logKey} />}</Loaded>
      </Page>
    </Shell>
  )
}

function Check({ logKey }: { readonly logKey: string }) {
  const words = useText(text)
  const [key, setKey] = useState(logKey)
  const [pasted, setPasted] = useState('')
  const [name, setName] = useState<string>()
  const check = useMutation({
    mutationFn: (receipt: string) => judge(receipt, key.trim()),
    // The check needs no network, so a browser that is offline does not wait for one.
    networkMode: 'always',
  })
  const begin = (receipt: string, file?: string) => {
    setName(file)
    check.mutate(receipt)
  }
  return (
    <>
      <Sheet title={words.giveTitle}>
        <FileDrop label={words.choose} onText={begin} />
        <Textarea
          label={words.paste}
          value={pasted}
          onChange={(event) => setPasted(event.currentTarget.value)}
          autosize={false}
          rows={3}
          spellCheck={false}
        />
        <div>
          <Button variant="default" disabled={pasted.trim() === ''} onClick={() => begin(pasted)}>
            {words.check}
          </Button>
        </div>
        <TextInput
          label={words.key}
          description={key.trim() === logKey ? words.keyWhy : words.keyOwn}
          value={key}
          spellCheck={false}
          onChange={(event) => {
            setKey(event.currentTarget.value)
            check.reset()
          }}
        />
      </Sheet>
      {check.isSuccess ? <ReceiptVerdict found={check.data} name={name} /> : null}
    </>
  )
}

const text = texts({
  en: {
    title: 'Check a receipt',
    lead: 'Is this receipt true? Your browser checks it; nothing is sent, and once this page has loaded no network is needed.',
    giveTitle: 'The receipt',
    choose: 'Choose the receipt file',
    paste: 'Or paste its text: the receipt of an answer, or of a choice',
    check: 'Check the text',
    key: 'Key of the log',
    keyWhy: 'As this server says. If you have the key from elsewhere, put it here: then nobody has to be believed.',
    keyOwn: 'Your own key: the receipt must be signed with this one.',
  },
  de: {
    title: 'Einen Beleg prüfen',
    lead: 'Ist dieser Beleg wahr? Ihr Browser prüft ihn; nichts wird verschickt, und ist diese Seite einmal geladen, braucht es kein Netz.',
    giveTitle: 'Der Beleg',
    choose: 'Belegdatei wählen',
    paste: 'Oder seinen Text einfügen: den Beleg einer Antwort oder einer Entscheidung',
    check: 'Text prüfen',
    key: 'Schlüssel des Protokolls',
    keyWhy:
      'So sagt es dieser Server. Haben Sie den Schlüssel von anderswo, tragen Sie ihn hier ein: Dann muss niemandem geglaubt werden.',
    keyOwn: 'Ihr eigener Schlüssel: Der Beleg muss mit ihm unterschrieben sein.',
  },
})
