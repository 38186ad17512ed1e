import { Keyspace } from '@clone/core-store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyIndex } from './key-index.js';

const keyspace = new Keyspace({ clock: { now: () => 0 }, random: () => 0, hashSeed: [1, 2] });

test('a key index agrees with a map, whatever is added and removed, and with chains that are long', () => {
  const key = fc.uint8Array({ maxLength: 3 });
  const action = fc.record({
    does: fc.constantFrom('add', 'remove', 'removeAny', 'clear'),
    db: fc.nat(1),
    key,
    place: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const index = new KeyIndex<number>(keyspace, 4);
      const model = new Map<string, number>();
      let next = 0;
      for (const { does, db, key: bytes, place } of actions) {
        const name = Buffer.from(bytes).toString('latin1');
        if (does === 'clear' && place % 8 === 0) {
          index.clear();
          model.clear();
        } else if (does === 'removeAny' && index.size > 0) {
          const at = place % index.size;
          const value = index.valueAt(at);
          const [modelName] = [...model].find((each) => each[1] === value)!;
          expect(modelName.slice(2)).toBe(index.nameAt(at));
          index.removeAt(at);
          model.delete(modelName);
        } else if (does === 'remove') {
          index.remove(db, bytes, 0, bytes.length);
          model.delete(`${db} ${name}`);
        } else if (does === 'add' && !model.has(`${db} ${name}`)) {
          index.add(db, bytes, 0, bytes.length, next);
          model.set(`${db} ${name}`, next++);
        }
        expect(index.get(db, bytes, 0, bytes.length)).toBe(model.get(`${db} ${name}`));
        expect([...index.values()].sort()).toEqual([...model.values()].sort());
      }
      for (const [name, value] of model) {
        const bytes = Buffer.from(` ${name.slice(2)} `, 'latin1');
        expect(index.get(Number(name[0]), bytes, 1, bytes.length - 2)).toBe(value);
      }
    }),
  );
});

test('a long name is kept whole', () => {
  const index = new KeyIndex<string>(keyspace);
  const long = Uint8Array.from({ length: 10_000 }, (_, i) => i & 255);
  index.add(0, long, 0, long.length, 'long');
  expect(index.get(0, long, 0, long.length)).toBe('long');
  expect(index.get(0, long, 0, long.length - 1)).toBeUndefined();
  expect(Buffer.from(index.nameAt(0), 'latin1')).toEqual(Buffer.from(long));
});
