import type { History } from './steps.ts'

/** Histories that a random run once found to be told differently: kept, so that they are told alike for ever. */
export const keptHistories: readonly { readonly name: string; readonly history: History }[] = [
  {
    name: 'somebody is exhausted, all consents expire, and limits grow back before the next opening',
    history: {
      wideCaps: false,
      yes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0],
      steps: [
        { kind: 'limits', person: 9, to: 'low', life: 0 },
        { kind: 'time', days: 2, hours: 0 },
        // biome-ignore lint/suspicious/noThenProperty: a step is data, never awaited
        { kind: 'ask', buyer: 0, purpose: 0, nano: 10, delta: 0, price: 0, question: 0, keyed: false, then: 'post' },
        { kind: 'time', days: 2, hours: 0 },
        { kind: 'give', person: 9, purpose: 0, days: 5, late: 0 },
        { kind: 'time', days: 5, hours: 0 },
        // biome-ignore lint/suspicious/noThenProperty: a step is data, never awaited
        { kind: 'ask', buyer: 0, purpose: 0, nano: 10, delta: 0, price: 0, question: 1, keyed: false, then: 'post' },
      ],
    },
  },
]
