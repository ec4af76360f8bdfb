import { accept } from '../base/refusal.ts'
import { sqlName } from '../contract/names.ts'
import { entriesOf, events, from, is, item, neededDate, peopleWords, to } from './common.ts'
import { lastTouchFigures } from './figures/bands.ts'
import type { Measure } from './measure.ts'
import { literal, scopeOf, statement, stepName } from './sql.ts'
import { onOneLine, spaced } from './text.ts'

export const noTouch = '(none)'

/** Per person who converted: channel of the last touch on or before the first conversion. Each person is in one cell: sensitivity 1. */
export const lastTouch: Measure = {
  id: 'last-touch',
  title: { en: 'Last touch', de: 'Letzter Kontakt' },
  question: {
    en: 'Through which channel came the last touch before people converted?',
    de: 'Über welchen Kanal kam der letzte Kontakt, bevor Menschen konvertierten?',
  },
  parameters: [
    {
      name: 'touches',
      type: 'table',
      title: { en: 'Touches', de: 'Kontakte' },
      help: { en: 'The table of contacts.', de: 'Die Tabelle der Kontakte.' },
      required: true,
    },
    {
      name: 'channel',
      type: 'group column',
      of: 'touches',
      title: { en: 'Channel', de: 'Kanal' },
      required: true,
    },
    {
      name: 'touched',
      type: 'date column',
      of: 'touches',
      title: { en: 'Date of the touch', de: 'Datum des Kontakts' },
      required: true,
    },
    { ...events, title: { en: 'Conversions', de: 'Konversionen' } },
    item,
    is,
    { ...neededDate, title: { en: 'Date of the conversion', de: 'Datum der Konversion' } },
    from,
    to,
  ],
  means: {
    en: 'Everybody who converted stands in one cell: the channel of the last touch on or before the first conversion, or none.',
    de: 'Wer konvertierte, steht in einer Zelle: dem Kanal des letzten Kontakts vor oder bei der ersten Konversion, oder keinem.',
  },
  caveats: [
    {
      en: 'The last touch gets all the credit, which says nothing about cause: an experiment does (lift).',
      de: 'Der letzte Kontakt bekommt alles zugeschrieben; über Ursachen sagt das nichts. Ein Experiment tut es (Lift).',
    },
    {
      en: 'Touches on the day of the conversion count where the contract knows days alone; of several at the same time one is taken.',
      de: 'Kontakte am Tag der Konversion zählen, wo der Vertrag nur Tage kennt; von mehreren zur selben Zeit wird einer genommen.',
    },
  ],
  cells: { en: 'channel, none', de: 'Kanal, keiner' },
  compile: (values, catalogue, language) => {
    const entries = entriesOf(values, language)
    if (!entries.ok) return entries
    const { table, scope, where, words } = entries.value
    const [touches, channel, touched] = [values.table('touches'), values.place('channel'), values.place('touched')]
    const converted = { name: stepName('converted', catalogue), person: table.personColumn ?? '' }
    const ranked = { name: stepName('ranked', catalogue), person: touches.personColumn ?? '' }
    const last = { name: stepName('last_touch', catalogue), person: touches.personColumn ?? '' }
    const inside = scopeOf(touches, [channel, touched], [converted])
    const sql = statement({
      steps: [
        {
          name: converted.name,
          select: [scope.person, `MIN(${scope.name(values.place('date'))}) AS converted_at`],
          from: scope.from,
          where,
          groupBy: scope.person,
        },
        {
          name: ranked.name,
          select: [
            inside.person,
            `${inside.name(channel)} AS channel`,
            `ROW_NUMBER() OVER (PARTITION BY ${inside.person} ORDER BY ${inside.name(touched)} DESC) AS nth`,
          ],
          from: inside.from,
          where: [`${inside.name(touched)} <= ${converted.name}.converted_at`],
        },
        {
          name: last.name,
          select: [sqlName(ranked.person), 'MAX(channel) FILTER (WHERE nth = 1) AS channel'],
          from: [`FROM ${ranked.name}`],
          where: [],
          groupBy: sqlName(ranked.person),
        },
      ],
      select: [`COALESCE(${last.name}.channel, ${literal(noTouch)}) AS last_touch`, 'COUNT(*) AS people'],
      from: [
        `FROM ${converted.name}`,
        `LEFT JOIN ${last.name} ON ${last.name}.${sqlName(last.person)} = ${converted.name}.${sqlName(converted.person)}`,
      ],
      groupBy: '1',
    })
    const what = spaced(channel.column.name)
    return accept({
      sql,
      words: onOneLine(
        language === 'de'
          ? `Über welche ${what} kam bei ${peopleWords(catalogue)} der letzte Kontakt in ${spaced(touches.name)} vor ${words}?`
          : `Which ${what} was the last touch in ${spaced(touches.name)} before ${words}, of ${peopleWords(catalogue)}?`,
      ),
    })
  },
  figures: lastTouchFigures,
}
