import { Button, FileButton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Failure, Loaded, Message } from '../ui/states.tsx'
import { type Contract, type Linted, type Planned, useAct, useRead } from './api.ts'
import { Findings } from './contract-findings.tsx'
import { Plan } from './contract-plan.tsx'
import { type EditorHandle, YamlEditor } from './yaml-editor.tsx'

/** A contract: its text, what the lint finds in it, what it would change, and putting it in force. */
export function ContractScreen() {
  const words = useText(text)
  const { product } = useSearch({ from: '/steward/products/contract' })
  return (
    <Page title={product === undefined ? words.titleNew : words.title(product)} lead={words.lead}>
      <Link to="/steward/products">{words.back}</Link>
      {product === undefined ? <Work initial="" name="contract" /> : <InForce product={product} />}
    </Page>
  )
}

function InForce({ product }: { readonly product: string }) {
  const contract = useRead<Contract & { readonly text: string }>(`/v1/contracts/${encodeURIComponent(product)}`)
  return (
    <Loaded query={contract}>{(data) => <Work key={product} initial={data.text} name={`${product}.yaml`} />}</Loaded>
  )
}

function Work({ initial, name }: { readonly initial: string; readonly name: string }) {
  const words = useText(text)
  const [yaml, setYaml] = useState(initial)
  const [file, setFile] = useState(name)
  const settled = useSettled(yaml)
  const editor = useRef<EditorHandle>(null)
  const lint = useQuery({
    queryKey: ['lint', settled],
    queryFn: ({ signal }) =>
      call<Linted>('/v1/contracts/lint', { method: 'POST', body: { text: settled, name: file }, signal }),
    enabled: settled.trim() !== '',
    gcTime: 0,
  })
  const plan = useMutation({
    mutationFn: (text: string) =>
      call<Planned>('/v1/contracts/plan', { method: 'POST', body: { text, name: file } }).then((planned) => ({
        planned,
        text,
      })),
  })
  const apply = useAct<string, Contract>((text) => ({
    path: '/v1/contracts',
    method: 'POST',
    body: { text, name: file },
  }))
  const edit = (text: string) => {
    setYaml(text)
    plan.reset()
    apply.reset()
  }
  const upload = async (chosen: File | null) => {
    if (chosen === null) return
    setFile(chosen.name)
    edit(await chosen.text())
  }
  const current = settled === yaml && yaml.trim() !== ''
  const ready = current && lint.data?.valid === true
  return (
    <>
      <Sheet
        title={words.text}
        aside={
          <FileButton accept=".yaml,.yml,text/yaml" onChange={(chosen) => void upload(chosen)}>
            {(props) => (
              <Button variant="default" size="xs" {...props}>
                {words.upload}
              </Button>
            )}
          </FileButton>
        }
      >
        <YamlEditor ref={editor} label={words.text} text={yaml} findings={lint.data?.findings ?? []} onChange={edit} />
      </Sheet>
      {yaml.trim() === '' ? (
        <Message title={words.empty}>
          <p className="u-soft">{words.emptyWhy}</p>
        </Message>
      ) : lint.isError ? (
        <Failure cause={lint.error} retry={() => void lint.refetch()} />
      ) : (
        <Findings
          linted={current ? lint.data : undefined}
          onGoTo={(line, column) => editor.current?.goTo(line, column)}
        />
      )}
      {apply.isSuccess ? (
        <Message tone="good" title={words.applied(apply.data.product, apply.data.version)} live>
          <p>{words.appliedNext}</p>
          <div className="u-row">
            <Link to="/steward/products">{words.back}</Link>
            <Link to="/steward/products/loads">{words.loads}</Link>
          </div>
        </Message>
      ) : plan.data === undefined ? (
        <div className="u-stack">
          <Button disabled={!ready} loading={plan.isPending} onClick={() => plan.mutate(yaml)}>
            {words.plan}
          </Button>
          {plan.isError ? <Failure cause={plan.error} /> : null}
        </div>
      ) : (
        <>
          <Plan
            planned={plan.data.planned}
            pending={apply.isPending}
            onApply={() => apply.mutate((plan.data as { text: string }).text)}
          />
          {apply.isError ? <Failure cause={apply.error} /> : null}
        </>
      )}
    </>
  )
}

/** The text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 400)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

const text = texts({
  en: {
    titleNew: 'Write a contract',
    title: (product: string) => `Change ${product}`,
    lead: 'Write or upload it; see what the check finds; see what it changes; put it in force. Nothing changes before the last step.',
    back: 'All products',
    loads: 'Data loaded',
    text: 'Text of the contract',
    upload: 'Upload a file',
    empty: 'No text yet',
    emptyWhy: 'Paste a contract of the Open Data Contract Standard (YAML) into the field above, or upload the file.',
    plan: 'See what it changes',
    applied: (product: string, version: string) => `${product} ${version} is in force`,
    appliedNext:
      'Its hash is in the public log. Questions are answered under it from now on; load the data for it next.',
  },
  de: {
    titleNew: 'Vertrag schreiben',
    title: (product: string) => `${product} ändern`,
    lead: 'Schreiben oder hochladen; sehen, was die Prüfung findet; sehen, was sich ändert; in Kraft setzen. Vor dem letzten Schritt ändert sich nichts.',
    back: 'Alle Produkte',
    loads: 'Geladene Daten',
    text: 'Text des Vertrags',
    upload: 'Datei hochladen',
    empty: 'Noch kein Text',
    emptyWhy:
      'Fügen Sie oben einen Vertrag nach dem Open Data Contract Standard (YAML) ein, oder laden Sie die Datei hoch.',
    plan: 'Sehen, was sich ändert',
    applied: (product: string, version: string) => `${product} ${version} ist in Kraft`,
    appliedNext:
      'Sein Hash steht im öffentlichen Protokoll. Von jetzt an wird nach ihm geantwortet; laden Sie als Nächstes die Daten dazu.',
  },
})
