import { useLanguage } from '../../i18n/language.tsx'

/** What a refusal of a question means. English is the server's own; German stands here for every code that a question can meet. */
export function useMeaning(): ((code: string, said: string) => string) & { known(code: string): boolean } {
  const { language } = useLanguage()
  const known = (code: string): boolean => language === 'en' || Object.hasOwn(german, code)
  const meaning = (code: string, said: string) => (language === 'en' ? said : (german[code] ?? said))
  return Object.assign(meaning, { known })
}

const german: Readonly<Record<string, string>> = {
  'query.empty': 'Die Frage hat keinen Text.',
  'query.too_long': 'Die Frage ist länger als 64 KiB.',
  'query.too_deep': 'Die Frage ist tiefer verschachtelt oder länger aufgezählt, als gelesen wird.',
  'query.unreadable': 'Die Frage ist kein lesbares SQL.',
  'query.several_statements': 'Eine Frage auf einmal: genau eine Anweisung.',
  'query.not_select': 'Nur SELECT stellt eine Frage.',
  'query.not_aggregate': 'Zeilen werden nie gezeigt: Eine Ausgabe ist weder Zusammenfassung noch Gruppe.',
  'query.unknown_table': 'Die Tabelle steht nicht im Vertrag.',
  'query.unknown_column': 'Die Spalte steht nicht im Vertrag oder wird nicht angeboten.',
  'query.ambiguous_column': 'Der Spaltenname passt zu mehreren Tabellen.',
  'query.not_supported': 'Diese Form wird nicht beantwortet.',
  'query.function_not_allowed': 'Die Funktion steht nicht auf der Liste der erlaubten.',
  'query.type_mismatch': 'Die Typen passen nicht zusammen.',
  'query.person_exposed':
    'Der Personenschlüssel darf gezählt, aber nie gezeigt, gruppiert, gefiltert oder summiert werden.',
  'query.restricted_column': 'Der Vertrag gibt die Spalte niemals frei.',
  'query.join_not_on_person': 'Zwei private Tabellen werden nur über den Menschen verbunden.',
  'query.join_not_declared': 'Eine öffentliche Tabelle wird über einen im Vertrag genannten Schlüssel verbunden.',
  'query.group_key_not_declared':
    'Gruppen brauchen eine öffentliche, im Vertrag genannte Werteliste, oder eine Spalte, deren Werte laut Vertrag Gruppen sein dürfen.',
  'query.too_many_groups': 'Die Wertelisten ergeben mehr Gruppen, als auf einmal beantwortet werden.',
  'law.no_rule_permits': 'Keine Regel erlaubt diese Nutzung.',
  'law.forbidden': 'Eine Regel verbietet diese Nutzung.',
  'consent.purpose_unknown': 'Der Zweck steht nicht auf der geschlossenen Liste des Vertrags.',
  'consent.notice_not_in_force': 'Für diesen Zweck ist kein Hinweis in Kraft.',
  'privacy.bound_missing': 'Für diesen Betrag ist keine Grenze je Mensch angegeben.',
  'privacy.rho_out_of_range': 'Der verlangte Datenschutzverlust ist kein Betrag, der belastet werden kann.',
  'privacy.rho_over_release_cap': 'So viel Datenschutz darf eine Antwort nicht kosten.',
  'privacy.budget_used_up': 'Das öffentliche Datenschutzbudget für diese Zeit ist verbraucht.',
  'privacy.accuracy_not_fixed':
    'Eine Breite im Voraus wird für Anzahlen und Summen zugesagt, nicht für Mittelwerte und Verhältnisse.',
  'period.not_open': 'Kein Zeitraum ist offen.',
  'product.unknown': 'Ein solches Datenprodukt gibt es nicht.',
  'product.no_data': 'Zum Datenprodukt sind keine Daten geladen.',
  'market.quote_unknown': 'Ein solches Angebot gibt es nicht.',
  'market.quote_expired': 'Das Angebot gilt nicht mehr.',
  'market.price_over_limit': 'Der Preis liegt über dem Höchstpreis des Käufers.',
  'market.funds_lacking': 'Das vorausbezahlte Geld deckt den Preis nicht.',
  'buyer.unknown': 'Einen solchen Käufer gibt es nicht.',
  'buyer.not_approved': 'Der Käufer ist für diesen Zweck nicht zugelassen.',
  'request.idempotency_conflict': 'Der Wiederholungsschlüssel wurde für eine andere Anfrage benutzt.',
  'request.invalid': 'Die Anfrage hat nicht die beschriebene Form.',
}
