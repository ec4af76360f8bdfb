/** The word that the server allowed for this delivery of the page; style sheets that components add carry it (CSP level 3, section 8.1). */
export const nonce: string = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

// Where a component locks the scrolling behind a dialog, the style sheet for it looks for the word under this name (the package get-nonce).
Object.assign(globalThis, { __webpack_nonce__: nonce })
