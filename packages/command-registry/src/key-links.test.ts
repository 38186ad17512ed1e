import { Keyspace } from '@clone/core-store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KeyHolder, KeyLinks } from './key-links.js';

const keyspace = new Keyspace({ clock: { now: () => 0 }, random: () => 0, hashSeed: [1, 2] });

class Holder implements KeyHolder {
  bytes = new Uint8Array(0);
  place = -1;
  firstLink = 0;
  linkCount = 0;

  /** Appends a name; returns where it begins. */
  keep(name: string): number {
    const at = this.bytes.length;
    this.bytes = Buffer.concat([this.bytes, Buffer.from(name, 'latin1')]);
    return at;
  }
}

function find(links: KeyLinks<Holder>, db: number, name: string): number {
  const bytes = Buffer.from(` ${name} `, 'latin1');
  return links.find(db, bytes, 1, name.length);
}

function holdersOf(links: KeyLinks<Holder>, key: number): Holder[] {
  const holders: Holder[] = [];
  links.forEachLink(key, (link) => holders.push(links.holderOf(link)) > 0);
  return holders;
}

test('links agree with a map of lists, whoever adds and removes which keys', () => {
  const name = fc.integer({ min: 0, max: 400 }).map((n) => (n === 0 ? '' : `key ${n}`));
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ by: fc.nat(5), db: fc.nat(1), names: fc.array(name, { maxLength: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ leaves: fc.nat(5) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const links = new KeyLinks<Holder>(keyspace);
      const holders = Array.from({ length: 6 }, () => new Holder());
      const model = new Map<string, Holder[]>();
      for (const each of steps) {
        if ('leaves' in each) {
          const holder = holders[each.leaves]!;
          links.remove(holder);
          for (const [id, list] of model) {
            const left = list.filter((other) => other !== holder);
            if (left.length > 0) model.set(id, left);
            else model.delete(id);
          }
          expect(holder.linkCount).toBe(0);
          continue;
        }
        const holder = holders[each.by]!;
        for (const each_ of each.names) {
          const id = `${each.db} ${each_}`;
          const list = model.get(id) ?? [];
          const link = links.add(holder, each.db, holder.keep(each_), each_.length);
          expect(link === 0).toBe(list.includes(holder));
          if (link !== 0) model.set(id, [...list, holder]);
        }
      }
      expect(links.size).toBe(model.size);
      for (const [id, list] of model) {
        const key = find(links, Number(id[0]), id.slice(2));
        expect(holdersOf(links, key)).toEqual(list);
        for (const holder of holders) expect(links.has(holder, key)).toBe(list.includes(holder));
      }
      const seen: number[] = [];
      links.forEachKey(1, (key) => seen.push(key));
      expect(seen.length).toBe([...model.keys()].filter((id) => id.startsWith('1')).length);
      for (const holder of holders) links.remove(holder);
      expect(links.size).toBe(0);
      for (const id of model.keys()) expect(find(links, Number(id[0]), id.slice(2))).toBe(0);
    }),
  );
});

test('a link that is removed while the links of its key are gone through is not met any more', () => {
  const links = new KeyLinks<Holder>(keyspace);
  const holders = Array.from({ length: 4 }, () => new Holder());
  for (const holder of holders) links.add(holder, 0, holder.keep('key'), 3);
  const met: number[] = [];
  links.forEachLink(find(links, 0, 'key'), (link) => {
    const place = holders.indexOf(links.holderOf(link));
    met.push(place);
    if (place === 0) for (const gone of [0, 1, 2]) links.remove(holders[gone]!);
    return true;
  });
  expect(met).toEqual([0, 3]);
});

test('notes begin at zero, also where a key and a link were before', () => {
  const links = new KeyLinks<Holder>(keyspace);
  const holder = new Holder();
  const first = links.add(holder, 0, holder.keep('a'), 1);
  links.setKeyNote(links.keyOf(first), 0, 1);
  links.setKeyNote(links.keyOf(first), 1, 5);
  links.setLinkNote(first, 9);
  links.remove(holder);
  const second = links.add(holder, 0, holder.keep('b'), 1);
  const key = links.keyOf(second);
  expect([links.keyNote(key, 0), links.keyNote(key, 1), links.linkNote(second)]).toEqual([0, 0, 0]);
});

/** Time for the best of several runs of adding and removing so many keys. */
function costOf(count: number): number {
  const names = Array.from({ length: count }, (_, i) => `key:${i}`);
  const bytes = Buffer.from(names.join(''), 'latin1');
  let best = Infinity;
  for (let run = 0; run < 5; run++) {
    const links = new KeyLinks<Holder>(keyspace);
    const holder = new Holder();
    holder.bytes = bytes;
    const start = performance.now();
    let at = 0;
    for (const name of names) {
      links.add(holder, 0, at, name.length);
      at += name.length;
    }
    links.remove(holder);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

test('ten times the keys cost about ten times as much, not a hundred times', () => {
  costOf(20_000);
  // Caches and the noise of a busy machine have their share; what grows with the square would be at 100.
  expect(costOf(200_000) / costOf(20_000)).toBeLessThan(45);
});

test('ten thousand holders of one key leave in any order, without a walk over the others', () => {
  const cost = (count: number): number => {
    const links = new KeyLinks<Holder>(keyspace);
    const holders = Array.from({ length: count }, () => new Holder());
    for (const holder of holders) holder.keep('key');
    const start = performance.now();
    for (const holder of holders) links.add(holder, 0, 0, 3);
    for (let i = 0; i < count; i++) links.remove(holders[(i * 7919) % count]!);
    expect(links.size).toBe(0);
    return performance.now() - start;
  };
  cost(4000);
  const best = (count: number): number => Math.min(...Array.from({ length: 4 }, () => cost(count)));
  expect(best(40_000) / best(4000)).toBeLessThan(45);
});
