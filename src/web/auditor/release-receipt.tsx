import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { texts, useText } from '../i18n/language.tsx'
import { FileDrop } from '../ui/drop.tsx'
import { Sheet } from '../ui/page.tsx'
import { Loaded, Message } from '../ui/states.tsx'
import { useLogKey } from './api.ts'
import { ReceiptVerdict } from './receipt-verdict.tsx'
import { judge } from './verdict.ts'

/** Whoever holds the receipt of this release sees question and answer here, checked. */
export function ReleaseReceipt({ id }: { readonly id: string }) {
  const words = useText(text)
  const key = useLogKey()
  return (
    <Sheet title={words.title}>
      <p>{words.what}</p>
      <Loaded query={key}>{(logKey) => <Drop id={id} logKey={logKey} />}</Loaded>
    </Sheet>
  )
}

function Drop({ id, logKey }: { readonly id: string; readonly logKey: string }) {
  const words = useText(text)
  const [name, setName] = useState<string>()
  const check = useMutation({ mutationFn: (receipt: string) => judge(receipt, logKey), networkMode: 'always' })
  const other = check.data?.kind === 'answer' && check.data.release?.id === id ? undefined : words.other
  return (
    <>
      <FileDrop
        label={words.choose}
        onText={(receipt, file) => {
          setName(file)
          check.mutate(receipt)
        }}
      />
      {check.isSuccess && other !== undefined ? <Message tone="rough" title={other} live /> : null}
      {check.isSuccess ? <ReceiptVerdict found={check.data} name={name} /> : null}
    </>
  )
}

const text = texts({
  en: {
    title: 'Question and answer',
    what: 'The buyer and everybody who was in it hold the receipt. With the file this page shows question and answer and checks that they are those of the log.',
    choose: 'Choose the receipt file',
    other: 'This is not the receipt of this release',
  },
  de: {
    title: 'Frage und Antwort',
    what: 'Der Käufer und alle, die darin waren, haben den Beleg. Mit der Datei zeigt diese Seite Frage und Antwort und prüft, dass es die des Protokolls sind.',
    choose: 'Belegdatei wählen',
    other: 'Das ist nicht der Beleg dieser Auskunft',
  },
})
