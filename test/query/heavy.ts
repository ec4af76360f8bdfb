import type { Data } from './engine.ts'

/** A world of one person who is far above every bound: sixty rows at the declared ends, in ten groups, and visits to all shops. */
export const heavy: Data = {
  members: [{ member_id: 'm0', region: 'north', _person: 0n, _mask: 1n }],
  basket_lines: Array.from({ length: 60 }, (_, index) => ({
    member_id: 'm0',
    product_id: 1n,
    spend: 20_000n,
    quantity: 50n,
    points: 1n,
    channel: index % 2 === 0 ? 'shop' : 'online',
    promo: true,
    bought_on: `2025-0${(index % 5) + 2}-01`,
    bought_at: null,
    note: null,
    _person: 0n,
    _mask: 1n,
  })),
  visits: ['a', 'b', 'c'].map((shop) => ({ member_id: 'm0', minutes: 240n, shop, _person: 0n, _mask: 1n })),
}
