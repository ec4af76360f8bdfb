import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { PostgreSQL, schemaCompletionSource } from '@codemirror/lang-sql'
import { bracketMatching, LanguageSupport, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { nonce } from '../../theme/nonce.ts'
import { answerable } from './answerable.ts'
import { colours, sheet } from './editor-theme.ts'

/** Where in the text something was refused, and why. */
export interface Trouble {
  readonly offset: number
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
}

/** The SQL editor. Tab leaves it, as it leaves every field; Ctrl-Enter (Cmd-Enter) asks. */
export default function Editor({
  value,
  label,
  tables,
  trouble,
  onChange,
  onAsk,
}: {
  readonly value: string
  readonly label: string
  /** Names of the contract, for completion. */
  readonly tables: Readonly<Record<string, readonly string[]>>
  readonly trouble: Trouble | undefined
  readonly onChange: (value: string) => void
  readonly onAsk: () => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | undefined>(undefined)
  const act = useRef({ onChange, onAsk })
  act.current = { onChange, onAsk }
  const first = useRef(value)

  useEffect(() => {
    if (place.current === null) return
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          lintGutter(),
          autocompletion({ icons: false }),
          language.of([]),
          syntaxHighlighting(colours),
          sheet,
          EditorView.lineWrapping,
          EditorView.domEventHandlers({ beforeinput: typeOver }),
          named.of([]),
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                act.current.onAsk()
                return true
              },
            },
            ...completionKeymap,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) act.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => {
      made.destroy()
      view.current = undefined
    }
  }, [])

  useEffect(() => {
    view.current?.dispatch({
      effects: named.reconfigure(EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' })),
    })
  }, [label])

  useEffect(() => {
    const data = (source: object) => PostgreSQL.language.data.of(source)
    const schema = schemaCompletionSource({ dialect: PostgreSQL, schema: tables })
    view.current?.dispatch({
      effects: language.reconfigure(
        new LanguageSupport(PostgreSQL.language, [data({ autocomplete: schema }), data({ autocomplete: answerable })]),
      ),
    })
  }, [tables])

  // The text comes from here; from outside only when another question is begun.
  useEffect(() => {
    const now = view.current?.state.doc.toString()
    if (view.current !== undefined && now !== value)
      view.current.dispatch({ changes: { from: 0, to: now?.length ?? 0, insert: value } })
  }, [value])

  useEffect(() => {
    const state = view.current?.state
    if (state === undefined) return
    view.current?.dispatch(setDiagnostics(state, trouble === undefined ? [] : [diagnosticOf(state, trouble)]))
  }, [trouble])

  return <div ref={place} />
}

const language = new Compartment()
const named = new Compartment()

/** A browser that replaces coloured text itself carries the colour over as a style attribute, which the page's policy forbids and reports. */
function typeOver(event: InputEvent, view: EditorView): boolean {
  const { state } = view
  if (event.inputType !== 'insertText' || event.data === null || view.composing || state.selection.main.empty)
    return false
  view.dispatch(state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true })
  return true
}

/** From the offset to the end of the word there. */
function diagnosticOf(state: EditorState, { offset, code, message, hint }: Trouble): Diagnostic {
  const from = Math.min(offset, state.doc.length)
  const word = /^["\w]+|^\S/.exec(state.doc.sliceString(from, from + 80))?.[0] ?? ''
  return {
    from,
    to: from + word.length,
    severity: 'error',
    message: [message, hint].filter((part) => part !== undefined).join(': '),
    source: code,
  }
}
