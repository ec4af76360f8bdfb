import type { Attack } from './attack.ts'
import { deviation, mean, muOf, normalBelow, percent } from './support/numbers.ts'
import { noisy } from './support/twins.ts'
import type { AttackWorld } from './support/world.ts'

/** Nine answers at the largest rho: 0.045 of the 0.047 that 30 days sell. */
const nano = 5_000_000n
const perMonth = 9
const perYear = 90

export const reconstruction: Attack = {
  name: 'reconstruction',
  section: 'differential-privacy.md 9.2, model inversion; Dinur and Nissim 2003',
  knows: 'where everybody lives (a door each), nothing of what they owe',
  wants:
    'the secret bit of everybody: from counts over random halves by least squares, or from one count for each door',
  async run(world) {
    const people = world.rows.people.slice(0, world.long ? 96 : 64)
    const secret = people.map(({ owes }) => (owes ? 1 : 0))
    const dice = world.dice('reconstruction')
    const halves = Array.from({ length: 4 * people.length }, () => people.map(() => dice.below(2)))
    const guess = Math.max(mean(secret), 1 - mean(secret))
    const rights = (bits: readonly number[]) =>
      mean(bits.map((bit, at) => ((bit > 0.5 ? 1 : 0) === secret[at] ? 1 : 0)))

    const plainCounts = []
    for (const half of halves) plainCounts.push(await world.plain.number(countOf(people, half)))
    const unprotected = rights(leastSquares(halves, plainCounts))

    // Here the whole month goes into counts over halves, or into one question that has a cell for every door; the second is the best that there is.
    const runs = world.long ? 40 : 8
    const byHalves: number[] = []
    for (let run = 0; run < Math.min(runs, 3); run++) {
      const answers = await halvesHere(world, people, halves.slice(0, world.long ? 120 : 24))
      byHalves.push(rights(leastSquares(halves.slice(0, answers.length), answers)))
    }
    const doors = await doorsHere(world, people)
    const byDoors = (times: number) =>
      Array.from({ length: runs }, () => rights(average(Array.from({ length: times }, doors))))
    const month = byDoors(perMonth)
    const year = byDoors(perYear)
    // Two values of one bit differ by one in one cell: mu of the whole loss.
    const bound = (times: number) => normalBelow(muOf((times * Number(nano)) / 1e9) / 2)
    const slack = 4 * Math.sqrt(0.25 / (people.length * runs))
    // Guessing the more frequent value is open to everybody who knows the shares.
    const allowed = Math.max(bound(perMonth), guess)
    return {
      unprotected: {
        number: unprotected,
        words: `${percent(unprotected)} of ${people.length} bits, from ${halves.length} exact counts over random halves`,
      },
      here: {
        number: mean(month),
        words: `${percent(mean(month))} of the bits with everything that 30 days sell, a count for every door ${perMonth} times; counts over halves give ${percent(mean(byHalves))}; guessing the more frequent value gives ${percent(guess)}`,
      },
      limit: {
        number: allowed,
        words: `${percent(allowed)} (mu of rho ${(perMonth * Number(nano)) / 1e9} allows ${percent(bound(perMonth))}, guessing gives ${percent(guess)}; and 4 standard errors)`,
      },
      held: mean(month) <= allowed + slack && mean(byHalves) <= allowed + 4 * Math.sqrt(0.25 / people.length),
      details: [
        `with everything that a year sells (rho ${((perYear * Number(nano)) / 1e9).toFixed(2)}): ${percent(mean(year))}; the bound there is ${percent(bound(perYear))}. A year is long: this is what the limit of a year means`,
        `spread over ${runs} runs: ${percent(deviation(month))} (one standard deviation)`,
      ],
    }
  },
}

type People = AttackWorld['rows']['people']

const countOf = (people: People, half: readonly number[]): string => {
  const doors = people.filter((_, at) => half[at] === 1).map(({ door }) => door)
  return `SELECT COUNT(DISTINCT person) AS n FROM people WHERE owes AND door IN (${[-1, ...doors].join(', ')})`
}

/** The month's loss in equal parts over the counts. */
async function halvesHere(
  world: AttackWorld,
  people: People,
  halves: readonly (readonly number[])[],
): Promise<number[]> {
  const each = (BigInt(perMonth) * nano) / BigInt(halves.length)
  const answers: number[] = []
  for (const half of halves)
    answers.push(
      Number(noisy(await world.twins.present.exact(countOf(people, half).replace('-1, ', ''), each))[0]?.[0]),
    )
  return answers
}

/** One count for each door, as one question sells it: each call is one release. */
async function doorsHere(world: AttackWorld, people: People): Promise<() => readonly number[]> {
  const exact = await world.twins.present.exact(
    'SELECT door % 1000 AS d, COUNT(DISTINCT person) AS n FROM people WHERE owes GROUP BY 1',
    nano,
  )
  const places = new Map(exact.query.groups[0]?.domain?.map((member, at) => [Number(member ?? -1), at]))
  return () => {
    const cells = noisy(exact)
    return people.map(({ door }) => Number(cells[places.get(door) as number]?.[0]))
  }
}

const average = (answers: readonly (readonly number[])[]): number[] =>
  (answers[0] ?? []).map((_, at) => mean(answers.map((one) => one[at] as number)))

/** min |Ax - b| by conjugate gradients on the normal equations, with a little weight on 1/2 so that too few counts have one solution. */
function leastSquares(rows: readonly (readonly number[])[], counts: readonly number[]): number[] {
  const n = rows[0]?.length ?? 0
  const weight = 0.01
  const times = (x: readonly number[]) => rows.map((row) => row.reduce((sum, a, at) => sum + a * (x[at] as number), 0))
  const back = (y: readonly number[]) =>
    Array.from({ length: n }, (_, at) =>
      rows.reduce((sum, row, nth) => sum + (row[at] as number) * (y[nth] as number), 0),
    )
  const apply = (x: readonly number[]) => back(times(x)).map((value, at) => value + weight * (x[at] as number))
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * (b[at] as number), 0)
  let x = Array.from({ length: n }, () => 0.5)
  const goal = back(counts).map((value) => value + weight * 0.5)
  const start = apply(x)
  let residual = goal.map((value, at) => value - (start[at] as number))
  let direction = residual
  let size = dot(residual, residual)
  for (let step = 0; step < 3 * n && size > 1e-12; step++) {
    const moved = apply(direction)
    const length = size / dot(direction, moved)
    x = x.map((value, at) => value + length * (direction[at] as number))
    residual = residual.map((value, at) => value - length * (moved[at] as number))
    const next = dot(residual, residual)
    direction = residual.map((value, at) => value + (next / size) * (direction[at] as number))
    size = next
  }
  return x
}
