import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, type Handle } from './arena.js';
import { args, text } from './bytes.fixture.js';
import { Int64 } from './int64.js';
import { Listpack } from './listpack.js';
import { View } from './view.js';

class Bench {
  readonly arena = new Arena();
  readonly packs = new Listpack(this.arena);
  h: Handle = this.packs.create();
  readonly #view = new View();

  read(position: number): string {
    this.packs.read(this.h, position, this.#view);
    return text(this.#view);
  }

  forward(): string[] {
    const found: string[] = [];
    for (let p = this.packs.first(this.h); p !== 0; p = this.packs.next(this.h, p)) found.push(this.read(p));
    return found;
  }

  backward(): string[] {
    const found: string[] = [];
    for (let p = this.packs.last(this.h); p !== 0; p = this.packs.previous(this.h, p)) found.push(this.read(p));
    return found;
  }

  content(): Buffer {
    const at = (this.h & 0x7ffff) << 3;
    return Buffer.from(this.arena.u8[this.h >>> 19]!.subarray(at, at + this.packs.bytes(this.h)));
  }

  check(model: readonly string[]): void {
    expect(this.packs.length(this.h)).toBe(model.length);
    expect(this.forward()).toEqual(model);
    expect(this.backward()).toEqual([...model].reverse());
    expect(this.arena.usedBytes).toBe(Arena.roundUp(this.packs.bytes(this.h)));
    expect(this.content().at(-1)).toBe(0xff);
  }
}

const EDGES = [
  ...['', '-', '0', '-0', '007', '1', '127', '128', '-1', '4095', '4096', '-4096', '-4097', '32767', '32768', '-32768'],
  ...['-32769', '8388607', '8388608', '-8388608', '-8388609', '2147483647', '2147483648', '-2147483648'],
  ...['-2147483649', '9007199254740993', '9223372036854775807', '-9223372036854775808', '9223372036854775808'],
  ...['12345678901234567890', '123456789012345678901', '\xff', '\0', 'hello'],
];
const lengths = fc.oneof(fc.nat({ max: 70 }), fc.constantFrom(124, 125, 126, 127, 128, 4095, 4096, 16377, 16378));
const elements = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
  { weight: 1, arbitrary: fc.integer({ min: -9000, max: 9000 }).map(String) },
  { weight: 2, arbitrary: fc.tuple(lengths, fc.constantFrom('a', '1', '\x80')).map(([n, c]) => c.repeat(n)) },
);
const step = fc.tuple(
  fc.constantFrom('append' as const, 'append' as const, 'insert' as const, 'replace' as const, 'remove' as const),
  fc.nat({ max: 1000 }),
  elements,
);

describe('a listpack', () => {
  it('agrees with an array after each of any steps', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50, size: 'max' }), elements, (list, wanted) => {
        const bench = new Bench();
        const { packs } = bench;
        const model: string[] = [];
        for (const [what, n, element] of list) {
          const index = n % Math.max(model.length, 1);
          const position = packs.seek(bench.h, index);
          if (what === 'append' || position === 0) {
            bench.h = packs.append(bench.h, ...args(element));
            model.push(element);
          } else if (what === 'insert') {
            bench.h = packs.insert(bench.h, position, ...args(element));
            model.splice(index, 0, element);
          } else if (what === 'replace') {
            bench.h = packs.replace(bench.h, position, ...args(element));
            model[index] = element;
          } else {
            bench.h = packs.remove(bench.h, position, (n % 3) + 1);
            model.splice(index, (n % 3) + 1);
          }
          bench.check(model);
          for (const skip of [0, 1, 2]) {
            const from = skip === 0 ? 0 : n % Math.max(model.length, 1);
            const found = packs.find(bench.h, packs.seek(bench.h, from), ...args(wanted), skip);
            const expected = model.findIndex((e, i) => e === wanted && i >= from && (i - from) % (skip + 1) === 0);
            expect(found).toBe(expected < 0 ? 0 : packs.seek(bench.h, expected));
          }
        }
        packs.free(bench.h);
        expect(bench.arena.usedBytes).toBe(0);
      }),
      { numRuns: 120 },
    );
  });

  it('is sought from both ends', () => {
    const bench = new Bench();
    expect(bench.packs.seek(bench.h, 0)).toBe(0);
    expect(bench.packs.seek(bench.h, -1)).toBe(0);
    const list = ['a', '1', 'b'.repeat(200), '-77', 'e'];
    for (const element of list) bench.h = bench.packs.append(bench.h, ...args(element));
    for (let i = -5; i < 5; i++) expect(bench.read(bench.packs.seek(bench.h, i))).toBe(list.at(i));
    expect(bench.packs.seek(bench.h, 5)).toBe(0);
    expect(bench.packs.seek(bench.h, -6)).toBe(0);
  });

  it('gives integers as integers, and no strings', () => {
    fc.assert(
      fc.property(elements, (element) => {
        const bench = new Bench();
        bench.h = bench.packs.append(bench.h, ...args(element));
        const into = new Int64();
        const reference = new Int64();
        const isInteger = reference.parse(...args(element));
        expect(bench.packs.readInteger(bench.h, bench.packs.first(bench.h), into)).toBe(isInteger);
        if (isInteger) expect(into.toBigInt()).toBe(BigInt(element));
      }),
    );
  });

  it('counts beyond the 65,534 elements that its header can say', () => {
    const bench = new Bench();
    for (let i = 0; i < 65_536; i++) bench.h = bench.packs.append(bench.h, ...args('1'));
    expect(bench.packs.length(bench.h)).toBe(65_536);
    expect(bench.content().readUInt16LE(4)).toBe(65_535);
    bench.h = bench.packs.remove(bench.h, bench.packs.first(bench.h), 2);
    expect(bench.packs.length(bench.h)).toBe(65_534);
  });
});

// From the DUMP payloads of hashes in redis-server 7.0.15 (rdbcompression no, hash-max-listpack-value 3000000).
const AS_REDIS: [name: string, elements: string[], expected: string][] = [
  [
    'small integers',
    ['0', '1', '127', '128', '-1', '-4096', '4095', '4096', '-4097', '32767'],
    '250000000a00000101017f01c08002dfff02d00002cfff02f1001003f1ffef03f1ff7f03ff',
  ],
  [
    'wide integers',
    [
      ...['32768', '-32768', '-32769', '8388607', '8388608', '-8388608', '-8388609', '2147483647', '2147483648'],
      ...['-2147483648', '-2147483649', '9223372036854775807', '-9223372036854775808', '9007199254740993'],
    ],
    '690000000e00f200800004f1008003f2ff7fff04f2ffff7f04f30000800005f200008004f3ffff7fff05f3ffffff7f05f40000008000000000' +
      '09f30000008005f4ffffff7fffffffff09f4ffffffffffffff7f09f4000000000000008009f4010000000000200009ff',
  ],
  [
    'almost integers',
    [
      ...['-0', '007', '+1', ' 1', '9223372036854775808', '-9223372036854775809', '1.5', '1e3', '-', ''],
      ...['12345678901234567890', '123456789012345678901'],
    ],
    '7f0000000c00822d30038330303704822b310382203103933932323333373230333638353437373538303814942d3932323333373230333638' +
      '35343737353830391583312e35048331653304812d028001943132333435363738393031323334353637383930159531323334353637383930' +
      '313233343536373839303116ff',
  ],
  [
    'short strings',
    ['name', 'huy', '', '', '\x00\xff', '\r\n', 's'.repeat(63), 't'.repeat(64)],
    `a20000000800846e616d65058368757904800180018200ff03820d0a03bf${'73'.repeat(63)}40e040${'74'.repeat(64)}42ff`,
  ],
  [
    'entries around 127 bytes',
    ['a'.repeat(124), 'b'.repeat(125), 'c'.repeat(126), 'd'.repeat(127)],
    'sha256:fa16a48773963b24426868c96149919548c360b236233a9126e7ddbccb796f5b',
  ],
  [
    'strings around 4,096 bytes',
    ['f', 'a'.repeat(4095), 'g', 'b'.repeat(4096)],
    'sha256:f8d5e71a1a283c8ef80c609913e3467df2b249370aeb6718f909f07e3d3539cf',
  ],
  [
    'entries around 16,383 bytes',
    ['f', 'a'.repeat(16377), 'g', 'b'.repeat(16378), 'h', 'c'.repeat(16379)],
    'sha256:532da78decaa03164788a2dfe1284cd4d3acd4fec2cd0f78dd6b2824b5ac962c',
  ],
  [
    'entries around 2,097,151 bytes',
    ['f', 'a'.repeat(2097145), 'g', 'b'.repeat(2097146)],
    'sha256:da3193548460f1ab843004f3f889201832d8ad0c9c5cad264a69dbabfb54774b',
  ],
];

describe('the bytes of a listpack', () => {
  it.each(AS_REDIS)('are those of Redis: %s', (_, list, expected) => {
    const bench = new Bench();
    for (const element of list) bench.h = bench.packs.append(bench.h, ...args(element));
    const content = bench.content();
    const found = expected.startsWith('sha256:')
      ? `sha256:${createHash('sha256').update(content).digest('hex')}`
      : content.toString('hex');
    expect(found).toBe(expected);
    bench.check(list);
  });
});
