/** What the card says itself; everything else it shows came with the form. */
export const words = {
  en: {
    sending: 'Your answer is being sent.',
    own: 'See it on your page',
    refused: 'Nothing was recorded:',
    unreached: 'Your answer could not be sent, and nothing was recorded. Please try again.',
  },
  de: {
    sending: 'Ihre Antwort wird gesendet.',
    own: 'Auf Ihrer Seite ansehen',
    refused: 'Es wurde nichts festgehalten:',
    unreached:
      'Ihre Antwort ließ sich nicht senden, und es wurde nichts festgehalten. Bitte versuchen Sie es noch einmal.',
  },
} as const
