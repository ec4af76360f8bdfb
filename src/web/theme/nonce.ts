/** The word that the server allowed for this delivery of the page; style sheets that components add carry it (CSP level 3, section 8.1). */
export const nonce: string = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
