import { useMantineColorScheme } from '@mantine/core'
import { type Language, languages, texts, useLanguage, useText } from '../i18n/language.tsx'

export function LanguageChoice({ className }: { readonly className: string }) {
  const { language, choose } = useLanguage()
  const words = useText(text)
  return (
    <label className={className}>
      {words.language}
      <select value={language} onChange={(event) => choose(event.currentTarget.value as Language)}>
        {Object.entries(languages).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

export function ThemeChoice({ className }: { readonly className: string }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const words = useText(text)
  return (
    <label className={className}>
      {words.theme}
      <select value={colorScheme} onChange={(event) => setColorScheme(event.currentTarget.value as 'auto')}>
        <option value="auto">{words.auto}</option>
        <option value="light">{words.light}</option>
        <option value="dark">{words.dark}</option>
      </select>
    </label>
  )
}

const text = texts({
  en: { language: 'Language', theme: 'Theme', auto: 'as the system', light: 'light', dark: 'dark' },
  de: { language: 'Sprache', theme: 'Darstellung', auto: 'wie das System', light: 'hell', dark: 'dunkel' },
})
