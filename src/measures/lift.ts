import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { type Catalogue, personsTable } from '../contract/catalogue.ts'
import { sqlName } from '../contract/names.ts'
import { dateColumn, entriesOf, events, from, is, item, peopleWords, to } from './common.ts'
import { liftFigures } from './figures/lift.ts'
import type { Measure, Parameter } from './measure.ts'
import type { Values } from './parameters.ts'
import { cases, fromPeople, statement, stepName } from './sql.ts'
import { inQuotes, type Language, spaced, type Text } from './text.ts'

const value = (name: string, en: string, de: string): Parameter => ({
  name,
  type: 'value',
  of: 'arm',
  title: { en, de },
  required: true,
})

/** Arms of an experiment. Whether the assignment was random nobody can see in the data: the buyer states it. */
export const arms: readonly Parameter[] = [
  {
    name: 'arm',
    type: 'person column',
    title: { en: 'Attribute that says who was in which arm', de: 'Eigenschaft, die sagt, wer in welchem Arm war' },
    required: true,
  },
  value('test', 'Test arm', 'Testarm'),
  value('control', 'Control arm', 'Kontrollarm'),
  {
    name: 'assignment',
    type: 'option',
    title: { en: 'How people came into their arm', de: 'Wie die Menschen in ihren Arm kamen' },
    help: {
      en: 'Only where chance put each person into an arm, by a rule that is public and independent of what the person did, is the difference an effect.',
      de: 'Nur wo der Zufall jede Person einem Arm zugewiesen hat, nach einer öffentlichen Regel und unabhängig von ihrem Tun, ist der Unterschied eine Wirkung.',
    },
    required: true,
    options: [
      {
        value: 'random-per-person',
        label: {
          en: 'at random, person by person, by a public rule',
          de: 'zufällig, Person für Person, nach öffentlicher Regel',
        },
      },
    ],
  },
]

export const randomAssignment: Text = {
  en: 'It is an effect only if chance assigned every person to an arm by a public rule; between groups that chose themselves the difference says nothing about cause. The house does not check it.',
  de: 'Eine Wirkung ist es nur, wenn der Zufall jede Person nach einer öffentlichen Regel einem Arm zugewiesen hat; zwischen Gruppen, die sich selbst gewählt haben, sagt der Unterschied nichts über Ursachen. Das Haus prüft das nicht.',
}

/** Per person: arm and whether converted. Each person is in one of four cells: sensitivity 1, not √2. */
export const lift: Measure = {
  id: 'lift',
  title: { en: 'Lift (test and control)', de: 'Lift (Test und Kontrolle)' },
  question: {
    en: 'Did more people in the test arm do it than in the control arm?',
    de: 'Taten es im Testarm mehr Menschen als im Kontrollarm?',
  },
  parameters: [...arms, events, item, is, dateColumn, from, to],
  means: {
    en: 'Lift is the conversion rate of the test arm less that of the control arm. Its interval and p-value hold chance among people and the noise of privacy together.',
    de: 'Lift ist die Konversionsrate des Testarms abzüglich der des Kontrollarms. Intervall und p-Wert enthalten den Zufall unter den Menschen und das Rauschen der Privatheit zusammen.',
  },
  caveats: [randomAssignment],
  cells: { en: 'arm × converted', de: 'Arm × konvertiert' },
  compile: (values, catalogue, language) => {
    const entries = entriesOf(values, language)
    if (!entries.ok) return entries
    const arm = armOf(values, catalogue)
    if (!arm.ok) return arm
    const { table, scope, where } = entries.value
    const conversions = stepName('conversions', catalogue)
    const sql = statement({
      steps: [
        {
          name: conversions,
          select: [scope.person, 'COUNT(*) AS times'],
          from: scope.from,
          where,
          groupBy: scope.person,
        },
      ],
      select: [
        `${arm.value.sql} AS arm`,
        `${cases([[`${conversions}.times IS NULL`, "'no'"]], "'yes'")} AS converted`,
        'COUNT(*) AS people',
      ],
      from: fromPeople(catalogue, [{ name: conversions, person: table.personColumn ?? '' }]),
      where: [arm.value.both],
      groupBy: '1, 2',
    })
    const { test, control } = armWords(values, catalogue, language)
    const { words } = entries.value
    return accept({
      sql,
      words:
        language === 'de'
          ? `Wie viel mehr von ${test} haben ${words} als von denen ${control}?`
          : `How many more of ${test} have ${words} than of those ${control}?`,
    })
  },
  figures: liftFigures,
}

/** CASE that names the arm, and the condition that leaves the two arms. Refuses measure.parameter_invalid when both are the same. */
export function armOf(values: Values, catalogue: Catalogue): Outcome<{ readonly sql: string; readonly both: string }> {
  const [test, control] = [values.value('test'), values.value('control')]
  if (test.text === control.text)
    return refuse('measure.parameter_invalid', `the parameter "control" cannot be ${JSON.stringify(control.text)}`, {
      hint: 'the control arm is another one than the test arm',
    })
  const column = `${sqlName(personsTable(catalogue).name)}.${sqlName(values.place('arm').column.name)}`
  return accept({
    sql: cases([[`${column} = ${test.sql}`, "'test'"]], "'control'"),
    both: `${column} IN (${test.sql}, ${control.sql})`,
  })
}

/** The arms in words: which people are compared. */
export function armWords(values: Values, catalogue: Catalogue, language: Language) {
  const arm = spaced(values.place('arm').column.name)
  const named = (name: string): string => inQuotes(values.value(name).text, language)
  const of = language === 'de' ? 'mit' : 'with'
  return {
    test: `${peopleWords(catalogue)} ${of} ${arm} ${named('test')} (${language === 'de' ? 'Test' : 'test'})`,
    control: `${of} ${named('control')} (${language === 'de' ? 'Kontrolle' : 'control'})`,
  }
}
