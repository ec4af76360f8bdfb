import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

/** One screen's words in every language. The second type argument makes a missing or a strange key an error. */
export type Texts<T> = Readonly<Record<Language, T>>
export const texts = <T,>(words: { readonly en: T; readonly de: NoInfer<T> }): Texts<T> => words

const key = 'usufruct.language'
const Context = createContext<{ language: Language; choose: (language: Language) => void }>({
  language: 'en',
  choose: () => undefined,
})

/** The reader's language: chosen here, else the browser's, else English. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstChoice)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const value = useMemo(
    () => ({
      language,
      choose: (chosen: Language) => {
        remember(chosen)
        setLanguage(chosen)
      },
    }),
    [language],
  )
  return <Context value={value}>{children}</Context>
}

export const useLanguage = () => useContext(Context)

/** The words of a screen in the reader's language. */
export function useText<T>(words: Texts<T>): T {
  return words[useContext(Context).language]
}

function firstChoice(): Language {
  const known = (tag: string | null | undefined): Language | undefined =>
    tag?.startsWith('de') ? 'de' : tag?.startsWith('en') ? 'en' : undefined
  try {
    return known(localStorage.getItem(key)) ?? known(navigator.language) ?? 'en'
  } catch {
    return known(navigator.language) ?? 'en'
  }
}

/** A browser that forbids storage forgets; nothing else is lost. */
function remember(language: Language): void {
  try {
    localStorage.setItem(key, language)
  } catch {}
}
