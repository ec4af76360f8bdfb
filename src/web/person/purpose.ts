import { type PurposeWords, purposeWords } from '../../consent/purpose-words.ts'
import { useLanguage } from '../i18n/language.tsx'

/** The words of a purpose in the reader's language; a purpose that this page does not know yet stands under its own name. */
export function usePurposeWords(): (id: string) => PurposeWords {
  const { language } = useLanguage()
  return (id) => purposeWords(id, language) ?? { title: id, words: '', example: '', yes: id, no: id }
}
