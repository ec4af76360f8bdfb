import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import type { Finding } from '../../contract/finding.ts'
import { nonce } from '../theme/nonce.ts'

export interface EditorHandle {
  /** Puts the cursor at a place, 1-based, and the focus into the text. */
  goTo(line: number, column: number): void
}

/**
 * A text editor for a contract. The Tab key leaves it, as it leaves every field. `text` is what it shows at first and when it is replaced from outside (a file);
 * what is typed is told through `onChange`.
 */
export function YamlEditor({
  label,
  text,
  findings,
  onChange,
  ref,
}: {
  readonly label: string
  readonly text: string
  readonly findings: readonly Finding[]
  readonly onChange: (text: string) => void
  readonly ref?: Ref<EditorHandle>
}) {
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView | undefined>(undefined)
  const changed = useRef(onChange)
  changed.current = onChange
  const first = useRef(text)
  useEffect(() => {
    const view = new EditorView({
      parent: place.current as HTMLDivElement,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          highlightActiveLine(),
          history(),
          drawSelection(),
          lintGutter(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString())
          }),
          look,
        ],
      }),
    })
    editor.current = view
    return () => view.destroy()
  }, [label])
  useEffect(() => {
    const view = editor.current
    if (view === undefined || view.state.doc.toString() === text) return
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
  }, [text])
  useEffect(() => {
    const view = editor.current
    if (view !== undefined) view.dispatch(setDiagnostics(view.state, findings.map(diagnosticIn(view.state))))
  }, [findings])
  useImperativeHandle(ref, () => ({
    goTo(line, column) {
      const view = editor.current
      if (view === undefined) return
      const at = offsetIn(view.state, line, column)
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
      view.focus()
    },
  }))
  return <div ref={place} />
}

/** The server counts lines and columns of the text it was sent, which may be older than the one that stands here by now. */
function offsetIn(state: EditorState, line: number, column: number): number {
  const found = state.doc.line(Math.min(Math.max(1, line), state.doc.lines))
  return Math.min(found.to, found.from + Math.max(0, column - 1))
}

const diagnosticIn =
  (state: EditorState) =>
  (finding: Finding): Diagnostic => {
    const from = offsetIn(state, finding.line, finding.column)
    return { from, to: state.doc.lineAt(from).to, severity: finding.severity, message: finding.message }
  }

const look = EditorView.theme({
  '&': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    backgroundColor: 'var(--sheet)',
    color: 'var(--ink)',
    fontSize: '0.875rem',
    height: 'min(60vh, 560px)',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--ink)', overflowWrap: 'anywhere' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-soft)', border: '0' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklch, var(--sunken) 60%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--line-strong)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--brick)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--amber)' },
})
