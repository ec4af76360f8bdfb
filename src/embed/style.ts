/**
 * The card's own style. It takes font and colours of the page that holds it; a brand changes the custom properties, or any part: card, title, purpose, never,
 * money, answers, answer, change, details, more, text, result, own. The two answers are one part, so they cannot be given different weight by it.
 */
export const style = `
:host { display: block; }
[part="card"] {
  font: var(--usufruct-font, inherit);
  color: var(--usufruct-ink, inherit);
  background: var(--usufruct-paper, transparent);
  border: 1px solid var(--usufruct-line, color-mix(in oklch, currentColor 35%, transparent));
  border-radius: var(--usufruct-radius, 8px);
  padding: clamp(14px, 4cqi, 24px);
  line-height: 1.5;
}
form { display: grid; gap: 10px; margin: 0; grid-template-columns: minmax(0, 1fr); }
p, h2 { margin: 0; max-width: 65ch; text-wrap: pretty; overflow-wrap: anywhere; }
h2 { font-size: 1.125em; line-height: 1.3; }
[part="answers"] {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr));
  gap: 10px;
}
[part="answer"] {
  font: inherit;
  color: inherit;
  text-align: start;
  background: transparent;
  border: 1px solid var(--usufruct-strong, color-mix(in oklch, currentColor 65%, transparent));
  border-radius: calc(var(--usufruct-radius, 8px) - 2px);
  padding: 12px 14px;
  min-height: 56px;
  cursor: pointer;
}
[part="answer"]:hover { background: color-mix(in oklch, currentColor 7%, transparent); }
[part="answer"][aria-pressed="true"] { border-color: currentColor; box-shadow: inset 0 0 0 1px currentColor; }
[part="result"]:empty { display: none; }
[part="result"] { font-weight: 600; }
[part="change"] { font-size: 0.9375em; }
[part="own"], [part="more"] { color: var(--usufruct-accent, inherit); cursor: pointer; text-underline-offset: 0.15em; }
[part="more"] { padding: 4px 0; }
[part="text"] { display: grid; gap: 10px; padding: 8px 0 0; font-size: 0.9375em; }
:focus-visible { outline: 2px solid var(--usufruct-accent, currentColor); outline-offset: 2px; }
`
