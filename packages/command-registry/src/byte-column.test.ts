import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteColumn } from './byte-column.js';
import { Refusal } from './errors.js';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const row = (column: ByteColumn, i: number): string =>
  String.fromCharCode(...column.bytes.subarray(column.offsets[i], column.offsets[i]! + column.lengths[i]!));

const texts = fc.array(
  fc.oneof(
    fc.array(fc.constantFrom('a', 'b', '\0', '\xff'), { maxLength: 4 }).map((letters) => letters.join('')),
    fc.nat({ max: 300 }).map((n) => 'long'.repeat(n)),
  ),
  { maxLength: 60 },
);

describe('a column of byte strings', () => {
  it('keeps its rows while it grows', () => {
    fc.assert(
      fc.property(texts, (list) => {
        const column = new ByteColumn();
        for (const text of list) column.bulk(latin1(`?${text}`), 1, text.length);
        expect(list.map((_, i) => row(column, i))).toEqual(list);
        expect(column.count).toBe(list.length);
      }),
    );
  });

  it('refuses more than its offsets can name', () => {
    const column = new ByteColumn(1000);
    for (let i = 0; i < 10; i++) column.bulk(latin1('x'.repeat(100)), 0, 100);
    expect(column.bytes.length).toBe(1000);
    expect(() => column.bulk(latin1('x'), 0, 1)).toThrow(new Refusal('ERR The elements to sort are more than 4 GB'));
    expect(row(column, 9)).toBe('x'.repeat(100));
  });

  it('takes integers as their digits', () => {
    const column = new ByteColumn();
    const integers = [0, -1, 123, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    for (let i = 0; i < 20; i++) for (const n of integers) column.bulkInteger(n);
    expect(integers.map((_, i) => row(column, 95 + i))).toEqual(integers.map(String));
  });

  it('compares rows by bytes, or as texts that end with a zero byte', () => {
    const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    const cut = (text: string): string => text.split('\0', 1)[0]!;
    fc.assert(
      fc.property(texts, (list) => {
        const column = new ByteColumn();
        for (const text of list) column.bulk(latin1(text), 0, text.length);
        for (let i = 1; i < list.length; i++) {
          expect(Math.sign(column.compare(i - 1, i))).toBe(order(list[i - 1]!, list[i]!));
          expect(Math.sign(column.collate(i - 1, i))).toBe(order(cut(list[i - 1]!), cut(list[i]!)));
        }
      }),
    );
  });
});
