import type { Command } from 'commander'
import { changeAnswerRules } from '../../house/answers.ts'
import { type AnswersView, answersView, millisecondsOf } from '../../house/views/answers.ts'
import type { PlanClass } from '../../release/ports.ts'
import { type Context, show, table, unwrap, WrongUse } from '../context.ts'

export function registerAnswers(program: Command, context: Context): void {
  const answers = program.command('answers').description('when answers leave, and what happens when one fails')
  answers
    .command('show')
    .description('the grid, the deadlines, what is blocked, and what failed after its charge')
    .action(async () => showAnswers(context, await answersView((await context.house()).world)))
  answers
    .command('set')
    .description('changes grid and deadlines, from the next question on; the change is in the log')
    .option(
      '--every <seconds>',
      'answers leave at whole multiples of this; 0 lets them leave at once, which tells how long they took',
    )
    .option('--least <seconds>', 'and not sooner after their turn began')
    .option('--deadline <class=seconds...>', 'a longer computation fails: records=60, flat=120, two-level=600')
    .action(async (options: { every?: string; least?: string; deadline?: readonly string[] }) => {
      await change(context, () => ({
        everyMilliseconds: options.every === undefined ? undefined : seconds(options.every),
        leastMilliseconds: options.least === undefined ? undefined : seconds(options.least),
        deadlineMilliseconds: Object.fromEntries((options.deadline ?? []).map(deadline)),
      }))
    })
  answers
    .command('block <class>')
    .description('refuses questions of this class of plans, from the next period on; the change is in the log')
    .action(async (name: string) => change(context, () => ({ block: classOf(name) })))
  answers
    .command('unblock <class>')
    .description('answers them again, at once')
    .action(async (name: string) => change(context, () => ({ unblock: classOf(name) })))
}

async function change(context: Context, wish: () => Parameters<typeof changeAnswerRules>[1]): Promise<void> {
  const house = await context.house()
  unwrap(await changeAnswerRules(house, wish()))
  showAnswers(context, await answersView(house.world))
}

export function seconds(text: string): number {
  const milliseconds = millisecondsOf(text)
  if (milliseconds === undefined) throw new WrongUse(`"${text}" is not a number of seconds`, 'for example 1 or 0.25')
  return milliseconds
}

function deadline(text: string): readonly [PlanClass, number] {
  const [name = '', value = ''] = text.split('=')
  return [classOf(name), seconds(value)]
}

function classOf(name: string): PlanClass {
  if (name === 'records' || name === 'flat' || name === 'two-level') return name
  throw new WrongUse(`"${name}" is not a class of plans`, 'records, flat or two-level')
}

function showAnswers(context: Context, view: AnswersView): void {
  show(context, view, [
    view.words,
    ...table(
      ['class', 'deadline', 'answered'],
      view.classes.map(({ path, deadline: after, blocked, blockedSince }) => [
        path,
        `${after} s`,
        blocked ? 'no' : blockedSince === undefined ? 'yes' : 'until the next period opens',
      ]),
    ),
    ...(view.failed.length === 0 ? ['Nothing failed after its charge.'] : ['Failed after their charge:']),
    ...view.failed.map((one) => `  ${one.release}  ${one.at ?? ''}  ${one.path}`),
  ])
}
