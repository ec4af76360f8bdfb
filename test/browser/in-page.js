/** Functions that run in the page itself: Playwright sends their text there, so they use nothing from outside. */

export function unfoldAll() {
  for (const one of document.querySelectorAll('details')) one.open = true
}

/** What has the focus, also within a shadow tree. */
export function focused() {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active?.textContent?.trim() ?? ''
}

/** How heavy a button looks. @param {Element[]} buttons */
export function weights(buttons) {
  return buttons.map((button) => {
    const { fontSize, fontWeight, color, backgroundColor, padding, borderWidth, borderColor } = getComputedStyle(button)
    const { width, height } = button.getBoundingClientRect()
    return { fontSize, fontWeight, color, backgroundColor, padding, borderWidth, borderColor, width, height }
  })
}

/** Presses a button and gives the milliseconds until the words stand in the page. @param {{ button: string, words: string }} what */
export function pressAndMeasure({ button, words }) {
  return new Promise((resolve, reject) => {
    const pressed = [...document.querySelectorAll('button')].find((one) => one.textContent?.includes(button))
    if (!pressed) return reject(new Error(`no button ${button}`))
    const begin = performance.now()
    const watch = new MutationObserver(() => {
      if (!document.body.textContent?.includes(words)) return
      watch.disconnect()
      resolve(performance.now() - begin)
    })
    watch.observe(document.body, { childList: true, subtree: true, characterData: true })
    pressed.click()
  })
}
