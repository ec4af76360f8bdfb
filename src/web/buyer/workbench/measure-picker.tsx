import { NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useId, useState } from 'react'
import type { Compiled } from '../../../measures/measure.ts'
import type { Offer, OfferedParameter } from '../../../measures/offer.ts'
import { call, Problem } from '../../api/client.ts'
import { texts, useLanguage, useText } from '../../i18n/language.tsx'
import { Details } from '../../ui/page.tsx'
import { Loaded } from '../../ui/states.tsx'
import { useMeasures } from '../read.ts'
import { beginWith, choicesFor, isShown, type Picked, pick, stillToChoose } from './picked.ts'
import styles from './workbench.module.css'

/** Marketing measures: choose one, fill a small form, and the question in words and its SQL stand in the editor. */
export default function MeasurePicker({
  product,
  write,
}: {
  readonly product: string
  readonly write: (sql: string) => void
}) {
  const words = useText(text)
  const { language } = useLanguage()
  const measures = useMeasures(product)
  const names = (measures.data ?? []).map((one) => one.title[language])
  return (
    <Details summary={names.length === 0 ? words.title : `${words.title}: ${names.join(', ')}`}>
      <Loaded query={measures}>
        {(offers) =>
          offers.length === 0 ? <p>{words.none}</p> : <Form product={product} offers={offers} write={write} />
        }
      </Loaded>
    </Details>
  )
}

function Form({
  product,
  offers,
  write,
}: {
  readonly product: string
  readonly offers: readonly Offer[]
  readonly write: (sql: string) => void
}) {
  const words = useText(text)
  const { language } = useLanguage()
  const [picked, setPicked] = useState<Picked | undefined>(undefined)
  const offer = offers.find((one) => one.measure === picked?.measure)
  const missing = offer && picked ? stillToChoose(offer, picked) : []
  const { compiled, refused } = useCompiled(product, missing.length === 0 ? picked : undefined, language, write)
  const said = useId()
  const todo = missing.length === 0 ? words.waiting : words.todo(missing.map((one) => one.title[language]).join(', '))
  return (
    <div className="u-stack">
      <NativeSelect
        label={words.measure}
        value={picked?.measure ?? ''}
        aria-describedby={said}
        onChange={(event) => {
          const chosen = offers.find((one) => one.measure === event.currentTarget.value)
          setPicked(chosen && beginWith(chosen))
        }}
      >
        <option value="">{words.choose}</option>
        {offers.map((one) => (
          <option key={one.measure} value={one.measure}>
            {`${one.title[language]}: ${one.question[language]}`}
          </option>
        ))}
      </NativeSelect>
      {offer === undefined || picked === undefined ? null : (
        <div className={styles.choices}>
          {offer.parameters
            .filter((parameter) => isShown(parameter, picked))
            .map((parameter) => (
              <Field
                key={`${offer.measure} ${parameter.name}`}
                parameter={parameter}
                picked={picked}
                choose={(value) => setPicked(pick(offer, picked, parameter.name, value))}
              />
            ))}
        </div>
      )}
      <p id={said} role="status" className={compiled === undefined ? 'u-small u-soft' : undefined}>
        {offer === undefined ? words.lead : (compiled?.words ?? refused ?? todo)}
      </p>
      {offer === undefined ? null : (
        <div className="u-small u-soft">
          <p>{offer.reading.means[language]}</p>
          <ul>
            {offer.reading.caveats.map((one) => (
              <li key={one.en}>{one[language]}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

function Field({
  parameter,
  picked,
  choose,
}: {
  readonly parameter: OfferedParameter
  readonly picked: Picked
  readonly choose: (value: string) => void
}) {
  const words = useText(text)
  const { language } = useLanguage()
  const choices = choicesFor(parameter, picked)
  const given = {
    label: parameter.title[language],
    description: parameter.help?.[language],
    value: picked.values[parameter.name] ?? '',
    required: parameter.required,
  }
  if (choices !== undefined)
    return (
      <NativeSelect {...given} onChange={(event) => choose(event.currentTarget.value)}>
        {given.value === '' || !parameter.required ? (
          <option value="">{parameter.required ? words.choose : words.nothing}</option>
        ) : null}
        {choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label[language]}
          </option>
        ))}
      </NativeSelect>
    )
  const { type } = parameter
  return (
    <TextInput
      {...given}
      type={type === 'day' ? 'date' : 'text'}
      inputMode={type === 'whole number' ? 'numeric' : type === 'amount' ? 'decimal' : 'text'}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  )
}

/** A burst of keys is one question. */
const pause = 120

/** The SQL of what is picked, written into the editor as soon as nothing is missing. */
function useCompiled(
  product: string,
  picked: Picked | undefined,
  language: string,
  write: (sql: string) => void,
): { readonly compiled: Compiled | undefined; readonly refused: string | undefined } {
  const [said, setSaid] = useState<{ compiled?: Compiled; refused?: string }>({})
  const key = picked === undefined ? '' : JSON.stringify([picked, language])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is picked is in the key; `write` only sets a state
  useEffect(() => {
    setSaid({})
    if (picked === undefined) return
    const stop = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const path = `/v1/products/${encodeURIComponent(product)}/measures/${picked.measure}`
        const body = { parameters: picked.values, language }
        const compiled = await call<Compiled>(path, { method: 'POST', body, signal: stop.signal })
        if (stop.signal.aborted) return
        setSaid({ compiled })
        write(compiled.sql)
      } catch (cause) {
        if (!stop.signal.aborted)
          setSaid({
            refused: cause instanceof Problem ? [cause.message, cause.hint].filter(Boolean).join('; ') : String(cause),
          })
      }
    }, pause)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [product, key])
  return { compiled: said.compiled, refused: said.refused }
}

const text = texts({
  en: {
    title: 'Questions in words',
    none: 'The contract of this product declares nothing on which a measure could be asked.',
    measure: 'Measure',
    choose: 'please choose',
    nothing: '—',
    lead: 'Choose what you want to know; the question and its SQL are written into the editor.',
    waiting: 'The question is being written.',
    todo: (names: string) => `Still to choose: ${names}.`,
  },
  de: {
    title: 'Fragen in Worten',
    none: 'Der Vertrag dieses Produkts gibt nichts an, wonach eine Kennzahl gefragt werden könnte.',
    measure: 'Kennzahl',
    choose: 'bitte wählen',
    nothing: '–',
    lead: 'Wählen Sie, was Sie wissen möchten; die Frage und ihr SQL werden in den Editor geschrieben.',
    waiting: 'Die Frage wird geschrieben.',
    todo: (names: string) => `Noch zu wählen: ${names}.`,
  },
})
