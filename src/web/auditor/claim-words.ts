/** The promises in German, by number; the server says them in English. */
export const germanClaims: Readonly<
  Record<number, { readonly words: string; readonly how: string; readonly beyond?: string }>
> = {
  1: {
    words:
      'Kein Datensatz eines Menschen geht in eine Antwort ein, ohne dass dessen Einwilligung für diesen Zweck gilt. Ein Widerruf gilt ab der nächsten Auskunft.',
    how: 'Die Bücher werden aus jeder Entscheidung und jeder Belastung neu errechnet: In einer Auskunft war, wer Ja gesagt hatte und nicht gegangen war.',
  },
  2: {
    words:
      'Jede Zahl, die das Haus verlässt, ist differenziell privat für alle Datensätze eines Menschen zusammen, mit rho und delta ihres Belegs.',
    how: 'Jeder Beleg: Das Rauschen folgt aus dem belasteten Privatheitsverlust, und das Protokoll hat sich darauf festgelegt.',
    beyond: 'Dass das Rauschen so gezogen wurde, zeigen der veröffentlichte Quelltext und seine Tests.',
  },
  3: {
    words:
      'Niemandes gesamter Verlust überschreitet die Grenzen: in 30 Tagen, in 365 Tagen, auf Lebenszeit. Belastet wird vor dem Rauschen, und nichts kommt zurück.',
    how: 'Die Bücher zählen jede Belastung jedes Menschen neu zusammen und halten sie gegen jede Grenze.',
  },
  4: {
    words:
      'Alles, was vor dem Rauschen entschieden wird, hängt nur von öffentlichen Tatsachen ab: Ablehnungen, Angebote, Preise, Dauer, Fehlermeldungen.',
    how: 'Jeder Beleg: Der Preis folgt aus dem Tarif, der veröffentlichten Obergrenze und der Belastung.',
    beyond: 'Ablehnungen und Dauer zeigen die Tests des veröffentlichten Quelltexts.',
  },
  5: {
    words:
      'Preis und Vergütung folgen allein aus rho. Was hereinkommt, ist in jedem Augenblick, was hinausging und was noch da ist.',
    how: 'Jeder Beleg: Satz, Anteil der Menschen, übrige Anteile und die öffentlichen Indizes. Die Bücher: Soll gleich Haben, und der Topf deckt, was geschuldet ist.',
  },
  6: {
    words:
      'Dieselbe Frage desselben Käufers bekommt in derselben Periode dieselbe Antwort, ohne weiteren Verlust, wer auch inzwischen gegangen ist.',
    how: 'Keine Frage wurde einem Käufer in einer Periode zweimal neu beantwortet.',
  },
  7: {
    words:
      'Keine Rechtsgrundlage, keine Einwilligung, kein Budget oder kein Guthaben: keine Antwort. Jedes Nein sagt, warum.',
    how: 'Im Protokoll kommt jede Auskunft nach dem Vertrag und dem Hinweis für ihren Zweck, in einer offenen Periode, und nennt die Regeln, die über sie entschieden.',
  },
  8: {
    words:
      'Jede Auskunft, jede Belastung, jedes Bündel von Entscheidungen, jeder Hinweis und jedes Regelwerk steht fest in einem Protokoll, das nur wächst und das andere bezeugen können; nichts darin bewegt sich sichtbar, wenn ein Mensch geht.',
    how: 'Der Baum wird aus seinen Einträgen neu berechnet und mit allem verglichen, was unterschrieben wurde; jede Auskunft hat ihren Eintrag und ihren Beleg.',
  },
  9: {
    words: 'Wer gelöscht wird, ist aus jeder Datei verschwunden, und was bleibt, beweist nichts über irgendwen.',
    how: 'Diese Version löscht noch nicht; es gibt also nichts zu prüfen.',
  },
  10: {
    words:
      'Das Programm gibt keiner Rolle einen Weg zu einer genauen Antwort oder dazu, einen Schutz abzuschalten; jede Einstellung, auf die es ankommt, steht im Protokoll.',
    how: 'Die geltenden Einstellungen sind die im Protokoll.',
    beyond:
      'Vor einem Verwalter, der seine eigenen Daten kopiert oder verändertes Programm laufen lässt, schützt das niemanden: Dafür gibt es Zeugen und Prüfer vor Ort.',
  },
}
