import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, type Handle } from './arena.js';
import { args, chance, text } from './bytes.fixture.js';
import { INNER_MOST, LEAF_MOST, OrderedIndex } from './ordered-index.js';
import { Records } from './record.js';

interface Entry {
  readonly score: number;
  readonly key: string;
}

const order = (a: Entry, b: Entry): number => a.score - b.score || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** An index with its records, and all of it again as a sorted array. */
class Twin {
  readonly arena = new Arena();
  readonly records = new Records(this.arena);
  readonly index = new OrderedIndex(this.arena, this.records);
  readonly x: Handle = this.index.create();
  readonly handles = new Map<string, Handle>();
  model: Entry[] = [];

  insert(score: number, key: string): void {
    const record = this.records.create(...args(key), 0, 0, 8, false, true);
    this.handles.set(key, record);
    this.index.insert(this.x, score, record);
    this.model.splice(this.rank({ score, key }), 0, { score, key });
  }

  /** How many entries of the model come before this one. */
  rank(entry: Entry): number {
    let low = 0;
    let high = this.model.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order(this.model[middle]!, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  handle(entry: Entry): Handle {
    return this.handles.get(entry.key) ?? 0;
  }

  forget(entry: Entry): void {
    this.arena.free(this.handle(entry));
    this.handles.delete(entry.key);
  }

  remove(at: number): void {
    const [entry] = this.model.splice(at, 1) as [Entry];
    this.index.remove(this.x, entry.score, this.handle(entry));
    this.forget(entry);
  }

  removeRange(from: number, count: number): void {
    for (const entry of this.model.splice(from, count)) expect(entry).toBeDefined();
    for (let left = count; left > 0;) {
      const n = this.index.removeRun(this.x, from, left);
      for (let i = 0; i < n; i++) {
        const key = this.keyOf(this.index.removed[i]!);
        this.forget({ score: 0, key });
      }
      left -= n;
    }
  }

  rescore(at: number, score: number): void {
    const [entry] = this.model.splice(at, 1) as [Entry];
    this.index.rescore(this.x, this.handle(entry), entry.score, score);
    const changed = { score, key: entry.key };
    this.model.splice(this.rank(changed), 0, changed);
  }

  keyOf(record: Handle): string {
    const view = { bytes: new Uint8Array(), offset: 0, length: 0 };
    this.records.readKey(record, view);
    return text(view);
  }

  /** Entries per node on average, relative to what a leaf holds. */
  fill(): number {
    let leaves = 0;
    this.index.forEachNode(this.x, (_, height) => (leaves += height === 0 ? 1 : 0));
    return this.model.length / (leaves * LEAF_MOST);
  }

  /** Compares everything, and looks at the invariants of the tree. */
  check(): void {
    const { index, x, arena } = this;
    expect(index.count(x)).toBe(this.model.length);
    const leaves: Handle[] = [];
    const word = (node: Handle, at: number): number => arena.i32[node >>> 19]![((node & 0x7ffff) << 1) + at]!;
    let nodes = 0;
    // Answers the records below a node, whose first entry has the rank `start`.
    const walk = (node: Handle, height: number, start: number): Handle[] => {
      nodes++;
      const n = word(node, 0);
      if (height === 0) {
        if (n > LEAF_MOST || (n === 0 && node !== word(x, 1))) throw new Error(`a leaf with ${n} entries`);
        leaves.push(node);
        return Array.from({ length: n }, (_, i) => index.record(node, i));
      }
      if (n > INNER_MOST || n < 2) throw new Error(`an inner node with ${n} children`);
      const all: Handle[] = [];
      for (let i = 0; i < n; i++) {
        const first = start + all.length;
        const below = walk(word(node, 6 + i * 5), height - 1, first);
        if (below.length !== word(node, 7 + i * 5)) throw new Error('a count is wrong');
        if (i > 0) {
          if (below[0] !== word(node, 5 + i * 5)) throw new Error('a separator names another record');
          const score = arena.data[node >>> 19]!.getFloat64(((node & 0x7ffff) << 3) + 12 + i * 20, true);
          if (score !== this.model[first]!.score) throw new Error('a separator has another score');
        }
        all.push(...below);
      }
      return all;
    };
    const records = walk(word(x, 1), word(x, 2), 0);
    expect(records).toEqual(this.model.map((entry) => this.handle(entry)));
    expect(leaves.map((leaf) => index.next(leaf))).toEqual([...leaves.slice(1), 0]);
    expect(leaves.map((leaf) => index.previous(leaf))).toEqual([0, ...leaves.slice(0, -1)]);
    const scores = leaves.flatMap((leaf) =>
      Array.from({ length: index.entries(leaf) }, (_, i) => index.score(leaf, i)),
    );
    expect(scores).toEqual(this.model.map((entry) => entry.score));
    let blocks = 0;
    arena.walk(() => blocks++);
    expect(blocks).toBe(1 + nodes + this.handles.size);
  }

  /** Compares ranks and counts at some places. */
  probe(at: number, score: number): void {
    const { index, x, model } = this;
    const entry = model[at];
    if (entry !== undefined) {
      expect(index.rank(x, entry.score, this.handle(entry))).toBe(at);
      expect(index.seek(x, at)).toBe(true);
      expect(index.record(index.leaf, index.slot)).toBe(this.handle(entry));
    }
    expect(index.seek(x, model.length)).toBe(false);
    expect(index.countBelow(x, score, false)).toBe(model.filter((each) => each.score < score).length);
    expect(index.countBelow(x, score, true)).toBe(model.filter((each) => each.score <= score).length);
    for (const strict of [false, true]) {
      const first = model.find((each) => (strict ? each.score > score : each.score >= score));
      expect(index.seekScore(x, score, strict)).toBe(first !== undefined);
      if (first !== undefined) expect(index.record(index.leaf, index.slot)).toBe(this.handle(first));
      const last = model.findLast((each) => (strict ? each.score < score : each.score <= score));
      expect(index.seekScoreBackwards(x, score, strict)).toBe(last !== undefined);
      if (last !== undefined) expect(index.record(index.leaf, index.slot)).toBe(this.handle(last));
    }
    // Changes nothing.
    index.warm(x, Float64Array.of(score, NaN, -Infinity, Infinity), 4, 3);
  }

  dismantle(): void {
    for (const entry of this.model) this.forget(entry);
    while (!this.index.dismantle(this.x));
    expect(this.arena.usedBytes).toBe(0);
  }
}

describe('an ordered index', () => {
  it('agrees with a sorted array, whatever is added, removed and changed', () => {
    const scores = fc.constantFrom(0, -0, 1, 2, 2.5, -1e300, 5e-324, Infinity, -Infinity, 7, 8, 9);
    const step = fc.record({
      kind: fc.constantFrom('insert', 'ascending', 'descending', 'remove', 'range', 'pop', 'rescore', 'nudge'),
      times: fc.constantFrom(1, 10, 100, 400),
      seed: fc.nat(),
      score: scores,
      spread: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const twin = new Twin();
        let serial = 0;
        for (const { kind, times, seed, score, spread } of steps) {
          const random = chance(seed);
          const any = (): number => Math.floor(random() * twin.model.length);
          const place = (): number => (spread ? Math.floor(random() * 1000) : score);
          if (kind === 'range') {
            const from = any();
            twin.removeRange(from, Math.min(times, twin.model.length - from));
          }
          for (let i = 0; i < times; i++) {
            if (kind === 'insert') twin.insert(place(), `${Math.floor(random() * 1e6)} ${serial++}`);
            if (kind === 'ascending') twin.insert(2000 + serial, `${serial++}`);
            if (kind === 'descending') twin.insert(-2000 - serial, `${serial++}`);
            if (twin.model.length === 0) continue;
            if (kind === 'remove') twin.remove(any());
            if (kind === 'pop') twin.remove(spread ? 0 : twin.model.length - 1);
            if (kind === 'rescore') twin.rescore(any(), place());
            if (kind === 'nudge') {
              const at = any();
              twin.rescore(at, twin.model[at]!.score + (spread ? 1 : -0.5));
            }
          }
          twin.check();
          twin.probe(any(), place());
        }
        twin.dismantle();
      }),
      { numRuns: 60 },
    );
  });

  it('orders equal scores by bytes, and counts what is before some', () => {
    const twin = new Twin();
    const random = chance(3);
    for (let i = 0; i < 3000; i++)
      twin.insert(0, Math.floor(random() * 1e9).toString(36) + String.fromCharCode(i & 255));
    twin.check();
    for (const key of ['', '\0', 'a', 'zz', '\xff\xff', ...twin.model.slice(1000, 1020).map((entry) => entry.key)]) {
      const less = twin.model.filter((entry) => entry.key < key).length;
      expect(twin.index.countBefore(twin.x, ...args(key), false)).toBe(less);
      expect(twin.index.countBefore(twin.x, ...args(key), true)).toBe(less + (twin.handles.has(key) ? 1 : 0));
    }
    twin.dismantle();
  });

  it.each([
    ['ascending', 1, 0.99],
    ['descending', -1, 0.97],
  ])('fills leaves when entries come in %s order', (_, sign, least) => {
    const twin = new Twin();
    for (let i = 0; i < 20_000; i++) twin.insert(sign * i, `${i}`);
    expect(twin.fill()).toBeGreaterThan(least);
    twin.check();
    // And is no worse when what is emptied at one end is filled at the other.
    for (let i = 20_000; i < 40_000; i++) {
      twin.remove(sign > 0 ? 0 : twin.model.length - 1);
      twin.insert(sign * i, `${i}`);
    }
    expect(twin.fill()).toBeGreaterThan(0.9);
    twin.check();
  });

  it('is filled well when entries come in random order, and when most are gone', () => {
    const twin = new Twin();
    const random = chance(7);
    for (let i = 0; i < 30_000; i++) twin.insert(random(), `${i}`);
    expect(twin.fill()).toBeGreaterThan(0.8);
    for (let i = 0; i < 29_000; i++) twin.remove(Math.floor(random() * twin.model.length));
    expect(twin.fill()).toBeGreaterThan(0.4);
    twin.check();
  });
});
