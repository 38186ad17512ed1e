/**
 * A keyspace and a naive model of it, driven by the same steps: what is under test in `database.test.ts`, and the
 * source of changes in `snapshot.test.ts`.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { args, bytes, chance, text } from './bytes.fixture.js';
import type { Database } from './database.js';
import { Keyspace } from './keyspace.js';
import type { Handle } from './arena.js';
import { ValueType } from './record.js';
import { View } from './view.js';

export interface Entry {
  value: string | Map<string, string>;
  encoding: string;
  expireAt: bigint | undefined;
}

const KEYS = ['', '\0\r\n\xff', 'a', 'b', 'c', 'user:1', 'y'.repeat(65535), 'x'.repeat(65536), 'w'.repeat(70000)];
const VALUES = [
  ...['', '0', '-1', '12', '007', '-0', '9223372036854775807', '-9223372036854775808', '9223372036854775808'],
  ...['9007199254740991', '9007199254740993', 'hello', '\0\xff', '3.5', 'e'.repeat(44), 'r'.repeat(45)],
  ...['s'.repeat(63), 's'.repeat(64), 's'.repeat(200), 'q'.repeat(5000), 'n'.repeat(65535), 'p'.repeat(65536)],
  ...['p'.repeat(70001), 'L'.repeat(1024 * 1024 + 1)],
];
const NUMBERS = [0, -1, 41, 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 63n - 1n, -(2n ** 63n)];
const TIMES = [0, 1, 20, 500, 2 ** 33, 2 ** 53];
const POSITIONS = [0, 1, 43, 100, 65500, 70000];
const DATABASES = 3;

const keyName = (n: number): string => KEYS[n] ?? `key:${n}`;
const fieldName = (n: number): string => (n === 7 ? 'long field name '.repeat(9) : n === 6 ? '17' : `field${n}`);
const valueOf = (n: number): string => VALUES[n % VALUES.length]!;

/** One step: what to do, in which database and with which key, and two numbers that mean what the step wants. */
export type Step = readonly [action: keyof typeof ACTIONS, db: number, key: number, x: number, y: number];

/** @param keys how many different keys there are */
export function steps(keys: number, most: number): fc.Arbitrary<Step[]> {
  const action = fc.constantFrom(...(Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]));
  const often = fc.constantFrom('setString' as const, 'hashSet' as const, 'expire' as const);
  return fc.array(
    fc.tuple(
      fc.oneof({ weight: 3, arbitrary: action }, { weight: 1, arbitrary: often }),
      fc.nat({ max: DATABASES - 1 }),
      fc.nat({ max: keys - 1 }),
      fc.nat({ max: 1000 }),
      fc.nat({ max: 1000 }),
    ),
    { maxLength: most, size: 'max' },
  );
}

export class Machine {
  now = 1_700_000_000_000;
  /** What the model removed because its time had come. */
  expired = 0;
  readonly space: Keyspace;
  model: Map<string, Entry>[] = Array.from({ length: DATABASES }, () => new Map<string, Entry>());
  readonly #view = new View();

  constructor() {
    this.space = new Keyspace({
      clock: { now: () => this.now, elapsed: () => 0 },
      random: chance(1),
      hashSeed: [3, 4],
      databases: DATABASES,
    });
    this.space.hashMaxListpackEntries = 5;
  }

  run([action, db, key, x, y]: Step): void {
    ACTIONS[action](this, this.space.databases[db]!, keyName(key), x, y);
  }

  entries(db: Database): Map<string, Entry> {
    return this.model[db.index]!;
  }

  isDue(entry: Entry): boolean {
    return entry.expireAt !== undefined && entry.expireAt < BigInt(this.now);
  }

  /** What a lookup finds, due entries removed. */
  find(db: Database, key: string): Entry | undefined {
    const entry = this.entries(db).get(key);
    if (entry === undefined || !this.isDue(entry)) return entry;
    if (!this.space.expireEnabled) return undefined;
    this.expired++;
    this.entries(db).delete(key);
    return undefined;
  }

  /** Lookup for writing in both; the handle, or 0. */
  lookup(db: Database, key: string): Handle {
    const h = db.lookupWrite(...args(key));
    expect(h !== 0).toBe(this.find(db, key) !== undefined);
    return h;
  }

  /** The record of a key, without a word about its expiry. */
  raw(db: Database, key: string): Handle {
    const { keys } = this.space;
    return keys.find(db.keysDictionary, keys.hash(...args(key)), ...args(key));
  }

  /** Removes from the model the due entries that the store has removed on its own. */
  sync(db: Database): number {
    let gone = 0;
    for (const [key, entry] of this.entries(db)) {
      if (!this.isDue(entry) || this.raw(db, key) !== 0) continue;
      this.entries(db).delete(key);
      this.expired++;
      gone++;
    }
    return gone;
  }

  read(h: Handle): Entry {
    const db = this.space.databases[0]!;
    const at = db.expireAtBig(h);
    const entry = { encoding: db.encodingOf(h), expireAt: at === -1n ? undefined : at };
    if (db.typeOf(h) === ValueType.string) {
      db.readString(h, this.#view);
      return { value: text(this.#view), ...entry };
    }
    const value = new Map<string, string>();
    const pairs = db.hashIterator(h);
    while (pairs.next()) value.set(text(pairs.field), text(pairs.value));
    expect(value.size).toBe(db.hashLength(h));
    return { value, ...entry };
  }

  check(): void {
    expect(this.space.stats.expired).toBe(this.expired);
    for (const db of this.space.databases) {
      const entries = this.entries(db);
      expect(db.size).toBe(entries.size);
      expect(db.volatileSize).toBe([...entries.values()].filter((e) => e.expireAt !== undefined).length);
      for (const [key, entry] of entries) {
        const h = this.raw(db, key);
        expect(h).not.toBe(0);
        expect(this.read(h)).toEqual(entry);
      }
    }
  }
}

function stringEncoding(value: string, integers: boolean): string {
  const integer = /^(0|-?[1-9][0-9]{0,18})$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
  if (integers && integer) return 'int';
  return value.length <= 44 ? 'embstr' : 'raw';
}

function put(m: Machine, db: Database, key: string, value: string, keepTtl: boolean, encoding: string): void {
  const old = m.entries(db).get(key);
  const expireAt = keepTtl && old !== undefined && !m.isDue(old) ? old.expireAt : undefined;
  m.entries(db).set(key, { value, encoding, expireAt });
}

function textOf(entry: Entry): string {
  if (typeof entry.value !== 'string') throw new Error('the model has a hash here, the keyspace a string');
  return entry.value;
}

/** Sets part of a string in the model. */
function overwrite(entry: Entry, at: number, value: string): void {
  const old = textOf(entry);
  entry.value = old.slice(0, at).padEnd(at, '\0') + value + old.slice(at + value.length);
  entry.encoding = 'raw';
}

const ACTIONS = {
  setString(m: Machine, db: Database, key: string, x: number, y: number): void {
    const value = valueOf(x);
    db.setString(...args(key), ...args(value), y % 2 === 1);
    m.find(db, key);
    put(m, db, key, value, y % 2 === 1, stringEncoding(value, true));
  },

  setText(m: Machine, db: Database, key: string, x: number, y: number): void {
    const value = valueOf(x);
    db.setText(...args(key), ...args(value), y % 2 === 1);
    m.find(db, key);
    put(m, db, key, value, y % 2 === 1, stringEncoding(value, false));
  },

  setInteger(m: Machine, db: Database, key: string, x: number, y: number): void {
    const value = NUMBERS[x % NUMBERS.length]!;
    db.setInteger(...args(key), value, y % 2 === 1);
    m.find(db, key);
    put(m, db, key, value.toString(), y % 2 === 1, 'int');
  },

  setStringUntil(m: Machine, db: Database, key: string, x: number, y: number): void {
    const value = valueOf(x);
    const at = m.now + TIMES[y % TIMES.length]!;
    db.setStringUntil(...args(key), ...args(value), at);
    m.find(db, key);
    m.entries(db).set(key, { value, encoding: stringEncoding(value, true), expireAt: BigInt(at) });
  },

  /** Sets a string and its expiry, without a lookup in between. */
  setWithExpiry(m: Machine, db: Database, key: string, x: number, y: number): void {
    const value = valueOf(x);
    const at = m.now + TIMES[y % TIMES.length]!;
    db.setExpireAt(db.setString(...args(key), ...args(value), false), at);
    m.find(db, key);
    m.entries(db).set(key, { value, encoding: stringEncoding(value, true), expireAt: BigInt(at) });
  },

  append(m: Machine, db: Database, key: string, x: number): void {
    const h = m.lookup(db, key);
    if (h === 0 || db.typeOf(h) !== ValueType.string) return;
    const entry = m.find(db, key)!;
    const value = valueOf(x);
    overwrite(entry, textOf(entry).length, value);
    expect(db.appendString(h, ...args(value))).toBe(textOf(entry).length);
  },

  setRange(m: Machine, db: Database, key: string, x: number, y: number): void {
    const h = m.lookup(db, key);
    const at = POSITIONS[y % POSITIONS.length]!;
    const value = valueOf(x);
    if (h === 0 || db.typeOf(h) !== ValueType.string || value === '') return;
    const entry = m.find(db, key)!;
    overwrite(entry, at, value);
    expect(db.setRange(h, at, ...args(value))).toBe(textOf(entry).length);
  },

  add(m: Machine, db: Database, key: string, x: number): void {
    const h = m.lookup(db, key);
    if (h === 0 || db.typeOf(h) !== ValueType.string) return;
    const entry = m.find(db, key)!;
    const text = textOf(entry);
    expect(db.stringLength(h)).toBe(text.length);
    const isInteger = stringEncoding(text, true) === 'int';
    expect(db.stringAsBigInt(h)).toBe(isInteger ? BigInt(text) : undefined);
    expect(db.stringAsNumber(h)).toBe(isInteger && Number.isSafeInteger(Number(text)) ? Number(text) : NaN);
    const sum = entry.encoding === 'int' ? BigInt(text) + BigInt(x) : 2n ** 60n;
    const safe = BigInt(Number.MAX_SAFE_INTEGER);
    const fits = sum <= safe && sum >= -safe && Number.isSafeInteger(Number(text));
    expect(db.addInPlace(h, x)).toBe(fits ? Number(sum) : NaN);
    if (fits) entry.value = sum.toString();
  },

  hashSet(m: Machine, db: Database, key: string, x: number, y: number): void {
    let h = m.lookup(db, key);
    if (h === 0) {
      h = db.createHash(...args(key));
      m.entries(db).set(key, { value: new Map<string, string>(), encoding: 'listpack', expireAt: undefined });
    }
    const entry = m.find(db, key)!;
    if (typeof entry.value === 'string') return;
    const [field, value] = [fieldName(x % 8), valueOf(y)];
    expect(db.hashSet(h, ...args(field), ...args(value))).toBe(!entry.value.has(field));
    entry.value.set(field, value);
    if (field.length > 64 || value.length > 64 || entry.value.size > 5) entry.encoding = 'hashtable';
  },

  hashDelete(m: Machine, db: Database, key: string, x: number): void {
    const h = m.lookup(db, key);
    const value = m.find(db, key)?.value;
    if (value === undefined || typeof value === 'string') return;
    const field = fieldName(x % 8);
    const view = new View();
    expect(db.hashGet(h, ...args(field), view)).toBe(value.has(field));
    if (value.has(field)) expect(text(view)).toBe(value.get(field));
    expect(db.hashDelete(h, ...args(field))).toBe(value.delete(field));
    if (value.size > 0) return;
    expect(db.delete(...args(key))).toBe(true);
    m.entries(db).delete(key);
  },

  delete(m: Machine, db: Database, key: string): void {
    expect(db.delete(...args(key))).toBe(m.find(db, key) !== undefined);
    if (m.find(db, key) !== undefined) m.entries(db).delete(key);
  },

  expire(m: Machine, db: Database, key: string, x: number, y: number): void {
    const h = m.lookup(db, key);
    if (h === 0) return;
    const at = x % 7 === 0 ? 2n ** 63n - 1n : m.now + TIMES[y % TIMES.length]!;
    const moved = db.setExpireAt(h, at);
    m.find(db, key)!.expireAt = BigInt(at);
    expect(db.expireAtBig(moved)).toBe(BigInt(at));
    expect(db.expireAt(moved)).toBe(Number(at));
  },

  persist(m: Machine, db: Database, key: string): void {
    const h = m.lookup(db, key);
    if (h === 0) return;
    const entry = m.find(db, key)!;
    expect(db.persist(h)).toBe(entry.expireAt !== undefined);
    entry.expireAt = undefined;
  },

  rename(m: Machine, db: Database, key: string, x: number): void {
    if (m.lookup(db, key) === 0) return;
    const to = keyName(x % 12);
    const entry = m.find(db, key)!;
    if (to !== key) m.find(db, to);
    db.rename(...args(key), ...args(to));
    m.entries(db).delete(key);
    m.entries(db).set(to, entry);
  },

  copy(m: Machine, db: Database, key: string, x: number, y: number): void {
    const target = m.space.databases[y % DATABASES]!;
    const to = keyName(x % 12);
    if (target === db && to === key) return;
    const entry = m.find(db, key);
    expect(db.copy(...args(key), target, ...args(to))).toBe(entry !== undefined);
    if (entry === undefined) return;
    m.find(target, to);
    const value = typeof entry.value === 'string' ? entry.value : new Map(entry.value);
    m.entries(target).set(to, { ...entry, value });
  },

  move(m: Machine, db: Database, key: string, x: number): void {
    const target = m.space.databases[x % DATABASES]!;
    const free = m.find(target, key) === undefined;
    const entry = free ? m.find(db, key) : undefined;
    expect(db.move(...args(key), target)).toBe(entry !== undefined && target !== db);
    if (entry === undefined || target === db) return;
    m.entries(db).delete(key);
    m.entries(target).set(key, entry);
  },

  swap(m: Machine, db: Database, _key: string, x: number): void {
    const other = x % DATABASES;
    m.space.swapDatabases(db.index, other);
    [m.model[db.index], m.model[other]] = [m.model[other]!, m.model[db.index]!];
  },

  flush(m: Machine, db: Database, _key: string, x: number): void {
    // Not each time, or there would never be much to flush.
    if (x % 4 > 1) return;
    m.space.flush(x % 12 === 0 ? undefined : db, x % 2 === 0);
    if (x % 12 === 0) for (const entries of m.model) entries.clear();
    else m.entries(db).clear();
  },

  wait(m: Machine, _db: Database, _key: string, x: number): void {
    m.now += x;
    m.space.readClock();
  },

  expireCycle(m: Machine): void {
    const removed = m.space.activeExpireCycle(1);
    expect(m.space.databases.reduce((sum, db) => sum + m.sync(db), 0)).toBe(removed);
  },

  lazyFree(m: Machine): void {
    m.space.lazyFree(0);
  },

  randomKey(m: Machine, db: Database): void {
    const h = db.randomKey();
    m.sync(db);
    if (h === 0) {
      expect(m.entries(db).size).toBe(0);
      return;
    }
    const view = { bytes: bytes(''), offset: 0, length: 0 };
    db.readKey(h, view);
    const entry = m.entries(db).get(text(view));
    expect(entry).toBeDefined();
    if (m.space.expireEnabled) expect(m.isDue(entry!)).toBe(false);
  },

  /** Due keys are hidden from now on, or removed again. */
  hide(m: Machine): void {
    m.space.expireEnabled = !m.space.expireEnabled;
  },
};
