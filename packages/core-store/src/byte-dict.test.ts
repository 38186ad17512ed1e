import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, type Handle } from './arena.js';
import { Claims } from './audit.fixture.js';
import { ByteDict } from './byte-dict.js';
import { args, chance, text } from './bytes.fixture.js';
import { HashFunction } from './hash-function.js';
import { Records } from './record.js';

/** Leaves so few hashes that chains of overflow buckets grow. */
class PoorHash extends HashFunction {
  override hash(bytes: DataView, offset: number, length: number): number {
    return super.hash(bytes, offset, length) & 0x81000003;
  }
}

class Bench {
  readonly arena = new Arena();
  readonly records = new Records(this.arena);
  readonly dicts: ByteDict;
  readonly dict: Handle;
  readonly model = new Map<string, Handle>();
  readonly #view = { bytes: new Uint8Array(0), offset: 0, length: 0 };

  constructor(hash: HashFunction = new HashFunction([1, 2])) {
    this.dicts = new ByteDict(this.arena, this.records, hash);
    this.dict = this.dicts.create();
  }

  hash(key: string): number {
    return this.dicts.hash(...args(key));
  }

  find(key: string): Handle {
    return this.dicts.find(this.dict, this.hash(key), ...args(key));
  }

  record(key: string): Handle {
    return this.records.create(...args(key), 0, 0, 0, false, false);
  }

  key(record: Handle): string {
    this.records.readKey(record, this.#view);
    return text(this.#view);
  }

  add(key: string): void {
    if (this.model.has(key)) return;
    const record = this.record(key);
    this.dicts.insert(this.dict, this.hash(key), record);
    this.model.set(key, record);
  }

  remove(key: string): void {
    const record = this.find(key);
    if (record === 0) return;
    this.dicts.removeFound(this.dict);
    this.arena.free(record);
    this.model.delete(key);
  }

  replace(key: string): void {
    const old = this.find(key);
    if (old === 0) return;
    const record = this.record(key);
    this.dicts.replaceFound(record);
    this.arena.free(old);
    this.model.set(key, record);
  }

  /** Everything that must hold between two calls. */
  check(): void {
    expect(this.dicts.count(this.dict)).toBe(this.model.size);
    for (const [key, record] of this.model) expect(this.find(key)).toBe(record);
    const claims = new Claims(this.arena);
    const records = claims.dictionary(this.dicts, this.dict, 'dict');
    expect(new Set(records)).toEqual(new Set(this.model.values()));
    for (const record of records) claims.claim(record, 'record');
    claims.settle();
  }
}

type Step = readonly ['add' | 'remove' | 'replace', number];

const steps = (keys: number, most: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.tuple(
      fc.constantFrom('add' as const, 'add' as const, 'remove' as const, 'replace' as const),
      fc.nat({ max: keys - 1 }),
    ),
    { maxLength: most, size: 'max' },
  );

function run(bench: Bench, list: readonly Step[]): void {
  for (const [what, n] of list) {
    bench[what](`key${n}`);
    bench.check();
    expect(bench.find('never')).toBe(0);
  }
}

describe('a dictionary', () => {
  it('agrees with a map after each of any steps', () => {
    fc.assert(
      fc.property(steps(60, 150), (list) => run(new Bench(), list)),
      { numRuns: 40 },
    );
  });

  it('agrees with a map where nearly all keys have the same hash', () => {
    fc.assert(
      fc.property(steps(60, 150), (list) => run(new Bench(new PoorHash([1, 2])), list)),
      { numRuns: 40 },
    );
  });

  it('keeps keys apart that are binary, empty, or longer than 65,535 bytes', () => {
    const bench = new Bench();
    const keys = ['', '\0', '\0\0', 'a\r\n', '\xff', 'x'.repeat(65535), 'x'.repeat(65536), 'x'.repeat(70000)];
    for (const key of keys) bench.add(key);
    bench.check();
    for (const key of keys) {
      expect(bench.key(bench.find(key))).toBe(key);
      bench.remove(key);
      expect(bench.find(key)).toBe(0);
    }
    bench.check();
  });

  it('grows and shrinks with what it holds, one bucket at a time', () => {
    const bench = new Bench();
    const { dicts, dict } = bench;
    const empty = dicts.tableBytes(dict);
    let buckets = 1;
    let widest = 0;
    const look = (): void => {
      widest = Math.max(widest, Math.abs(dicts.buckets(dict) - buckets));
      buckets = dicts.buckets(dict);
    };
    for (let i = 0; i < 20_000; i++) {
      bench.add(`k${i}`);
      look();
    }
    bench.check();
    expect(buckets).toBe(Math.ceil(20_000 / 8));
    for (let i = 0; i < 20_000; i++) {
      bench.remove(`k${i}`);
      look();
      if (i % 5000 === 0) bench.check();
    }
    expect(widest).toBe(1);
    bench.check();
    expect(buckets).toBe(1);
    // The directory alone keeps its size: four bytes for each 512 records that there ever were.
    expect(dicts.tableBytes(dict) - empty).toBeLessThanOrEqual((20_000 / 512) * 8);
  });

  it('knows the bytes of its table', () => {
    for (const hash of [new HashFunction([1, 2]), new PoorHash([1, 2])]) {
      const bench = new Bench(hash);
      for (let i = 0; i < 700; i++) bench.add(`k${i}`);
      let records = 0;
      for (const record of bench.model.values()) records += bench.arena.sizeOf(record);
      expect(bench.dicts.tableBytes(bench.dict)).toBe(bench.arena.usedBytes - records);
    }
  });

  it('finds the place of a record again that was inserted or located', () => {
    for (const hash of [new HashFunction([1, 2]), new PoorHash([1, 2])]) {
      const bench = new Bench(hash);
      for (let i = 0; i < 500; i++) {
        const key = `k${i}`;
        bench.add(key);
        const second = bench.record(key);
        bench.dicts.ensureFound(bench.dict, bench.hash(key), bench.model.get(key)!);
        bench.dicts.replaceFound(second);
        bench.arena.free(bench.model.get(key)!);
        bench.model.set(key, second);
        expect(bench.find(key)).toBe(second);
      }
      bench.check();
      for (const [key, record] of bench.model) {
        bench.find('k0');
        bench.dicts.locate(bench.dict, bench.hash(key), record);
        bench.dicts.removeFound(bench.dict);
        bench.arena.free(record);
        bench.model.delete(key);
        expect(bench.find(key)).toBe(0);
      }
      bench.check();
      const stranger = bench.record('k0');
      expect(() => bench.dicts.locate(bench.dict, bench.hash('k0'), stranger)).toThrow('not in the dictionary');
    }
  });

  it('is freed bucket by bucket, with all of its records', () => {
    for (const hash of [new HashFunction([1, 2]), new PoorHash([1, 2])]) {
      const bench = new Bench(hash);
      for (let i = 0; i < 3000; i++) bench.add(`k${i}`);
      const buckets = bench.dicts.buckets(bench.dict);
      let calls = 1;
      while (!bench.dicts.dismantle(bench.dict, (record) => bench.arena.free(record))) calls++;
      expect(calls).toBe(buckets);
      expect(bench.arena.usedBytes).toBe(0);
    }
  });
});

describe('a scan', () => {
  it('returns what is there throughout, whatever is added and removed between two calls', () => {
    const plan = fc.record({
      stay: fc.integer({ min: 0, max: 300 }),
      before: fc.integer({ min: 0, max: 1000 }),
      bursts: fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 12 }),
      hash: fc.constantFrom('good', 'poor'),
    });
    fc.assert(
      fc.property(plan, ({ stay, before, bursts, hash }) => {
        const bench = new Bench(hash === 'good' ? new HashFunction([1, 2]) : new PoorHash([1, 2]));
        const others: string[] = [];
        let made = 0;
        const burst = (change: number): void => {
          for (let i = 0; i < change; i++) {
            others.push(`other${made++}`);
            bench.add(others.at(-1)!);
          }
          for (let i = 0; i > change && others.length > 0; i--) bench.remove(others.pop()!);
        };
        for (let i = 0; i < stay; i++) bench.add(`stay${i}`);
        burst(hash === 'good' ? before : before / 10);
        const seen = new Set<string>();
        let cursor = 0;
        let call = 0;
        do {
          cursor = bench.dicts.scan(bench.dict, cursor, (record) => seen.add(bench.key(record)));
          if (call < 100) burst(bursts[call % bursts.length]! / (hash === 'good' ? 1 : 10));
          call++;
        } while (cursor !== 0 && call < 100_000);
        expect(cursor).toBe(0);
        for (let i = 0; i < stay; i++) expect(seen).toContain(`stay${i}`);
      }),
      { numRuns: 30 },
    );
  });

  it('of a dictionary at rest returns each record once', () => {
    for (const n of [0, 1, 8, 9, 63, 500, 513, 5000]) {
      const bench = new Bench();
      for (let i = 0; i < n; i++) bench.add(`k${i}`);
      const seen: string[] = [];
      let cursor = 0;
      do cursor = bench.dicts.scan(bench.dict, cursor, (record) => seen.push(bench.key(record)));
      while (cursor !== 0);
      expect(seen.length).toBe(n);
      expect(new Set(seen).size).toBe(n);
    }
  });

  it('ends for any cursor that somebody makes up', () => {
    const bench = new Bench();
    for (let i = 0; i < 1000; i++) bench.add(`k${i}`);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (start) => {
        let cursor = start;
        let calls = 0;
        do cursor = bench.dicts.scan(bench.dict, cursor, () => undefined);
        while (cursor !== 0 && ++calls < 1000);
        expect(cursor).toBe(0);
      }),
    );
  });
});

describe('random records', () => {
  /** Pearson's statistic for counts that should be equal. */
  const chiSquared = (counts: number[], draws: number): number => {
    const expected = draws / counts.length;
    return counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  };

  it.each([
    ['a good hash', new HashFunction([1, 2])],
    ['long chains', new PoorHash([1, 2])],
  ])('are drawn with the same probability each, under %s', (_, hash) => {
    const bench = new Bench(hash);
    for (let i = 0; i < 150; i++) bench.add(`k${i}`);
    for (let i = 100; i < 150; i++) bench.remove(`k${i}`);
    const random = chance(7);
    const counts = new Map<string, number>([...bench.model.keys()].map((key) => [key, 0]));
    const draws = 30_000;
    for (let i = 0; i < draws; i++) {
      const key = bench.key(bench.dicts.random(bench.dict, random));
      counts.set(key, counts.get(key)! + 1);
    }
    // 99 degrees of freedom: beyond 148.2 with a probability of 0.001.
    expect(chiSquared([...counts.values()], draws)).toBeLessThan(148.2);
  });

  it('are none in an empty dictionary', () => {
    const bench = new Bench();
    expect(bench.dicts.random(bench.dict, chance(1))).toBe(0);
    expect(bench.dicts.sample(bench.dict, chance(1), new Int32Array(5), 5)).toBe(0);
  });

  it('come as samples, each one now and then', () => {
    const bench = new Bench();
    for (let i = 0; i < 300; i++) bench.add(`k${i}`);
    const random = chance(3);
    const all = new Set(bench.model.values());
    const seen = new Set<Handle>();
    const into = new Int32Array(16);
    for (let round = 0; round < 2000; round++) {
      const n = bench.dicts.sample(bench.dict, random, into, 16);
      expect(n).toBe(16);
      for (const record of into) seen.add(record);
    }
    expect(seen).toEqual(all);
  });
});
