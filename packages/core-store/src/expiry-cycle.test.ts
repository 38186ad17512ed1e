import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { args, chance, text } from './bytes.fixture.js';
import { Keyspace, type KeyspaceListener } from './keyspace.js';

/** A keyspace whose monotonic clock goes on by `step` ms whenever it is looked at. */
class Bench {
  now = 1_700_000_000_000;
  step = 0;
  #elapsed = 0;
  readonly removed: string[] = [];
  readonly space: Keyspace;

  constructor() {
    const listener: KeyspaceListener = {
      event: () => undefined,
      removed: (db, bytes, offset, length, reason) =>
        this.removed.push(`${db.index} ${text({ bytes, offset, length })} ${reason}`),
      fieldExpired: (db, key, ko, kn, field, fo, fn) =>
        this.removed.push(
          `${db.index} ${text({ bytes: key, offset: ko, length: kn })}.${text({ bytes: field, offset: fo, length: fn })}`,
        ),
      flushed: () => undefined,
    };
    this.space = new Keyspace({
      clock: { now: () => this.now, elapsed: () => (this.#elapsed += this.step) },
      random: chance(1),
      hashSeed: [1, 2],
      listener,
    });
  }

  fill(db: number, n: number, ttl: number, name = 'k'): void {
    const database = this.space.databases[db]!;
    for (let i = 0; i < n; i++) {
      database.setExpireAt(database.setString(...args(`${name}${i}`), ...args('v'), false), this.now + ttl);
    }
  }

  wait(ms: number): void {
    this.now += ms;
    this.space.readClock();
  }
}

describe('the expiry cycle', () => {
  it('puts up with fewer due keys the more effort it makes', () => {
    const removed = (effort: number): number => {
      const bench = new Bench();
      bench.fill(0, 1900, 1e6, 'stays');
      bench.fill(0, 100, 100, 'due');
      bench.wait(101);
      bench.space.expiryCycle.effort = effort;
      return bench.space.activeExpireCycle(1000);
    };
    // One key in twenty is due: that is acceptable without effort, and one in a hundred would be with the most.
    expect(removed(0)).toBeLessThan(10);
    expect(removed(9)).toBeGreaterThan(30);
  });

  it.each([1, 3, 9, 30, 1000])('removes each of %i keys that are due once, and says so', (n) => {
    const bench = new Bench();
    bench.fill(0, n, 100);
    bench.fill(3, n, 100);
    bench.wait(100);
    expect(bench.space.activeExpireCycle(10)).toBe(0);
    bench.wait(1);
    expect(bench.space.activeExpireCycle(10)).toBe(2 * n);
    expect(new Set(bench.removed).size).toBe(2 * n);
    expect(bench.removed).toContain('3 k0 expired');
    expect(bench.space.stats.expired).toBe(2 * n);
    expect(bench.space.databases.map((db) => db.size + db.volatileSize).every((size) => size === 0)).toBe(true);
    audit(bench.space);
  });

  it('looks at a few keys only when few are due, and at all of them in the course of time', () => {
    const bench = new Bench();
    bench.fill(0, 2000, 1e9, 'stay');
    bench.fill(0, 100, 10, 'go');
    bench.wait(11);
    let cycles = 0;
    let most = 0;
    while (bench.space.databases[0]!.size > 2000) {
      most = Math.max(most, bench.space.activeExpireCycle(10));
      cycles++;
    }
    expect(most).toBeLessThan(100);
    expect(cycles).toBeGreaterThan(10);
    // Once around is enough: 2,100 keys, at least 20 a cycle.
    expect(cycles).toBeLessThanOrEqual(2100 / 20);
  });

  it('stops when its time is used up, and goes on with the next database the next time', () => {
    const bench = new Bench();
    bench.fill(0, 5000, 10);
    bench.fill(1, 5000, 10);
    bench.wait(11);
    bench.step = 1;
    const { expiryCycle, databases } = bench.space;
    const removed = bench.space.activeExpireCycle(5);
    expect(removed).toBeGreaterThan(0);
    expect(removed).toBeLessThan(5 * 40);
    expect(expiryCycle.timeLimitReached).toBe(1);
    expect(databases[0]!.size).toBe(5000 - removed);
    expect(databases[1]!.size).toBe(5000);
    bench.space.activeExpireCycle(5);
    expect(databases[1]!.size).toBeLessThan(5000);
    expect(expiryCycle.timeLimitReached).toBe(2);
    expect(expiryCycle.stalePercent).toBeGreaterThan(5);
    bench.step = 0;
    bench.space.activeExpireCycle(5);
    expect(databases[0]!.size + databases[1]!.size).toBe(0);
    expect(expiryCycle.timeLimitReached).toBe(2);
  });

  it('estimates the mean time to live', () => {
    const bench = new Bench();
    bench.fill(0, 300, 40_000, 'a');
    bench.fill(0, 300, 80_000, 'b');
    for (let i = 0; i < 300; i++) bench.space.activeExpireCycle(1);
    expect(bench.space.databases[0]!.averageTtl).toBeGreaterThan(55_000);
    expect(bench.space.databases[0]!.averageTtl).toBeLessThan(65_000);
    expect(bench.space.databases[1]!.averageTtl).toBe(0);
  });

  it('rests while expiry is off or a file is loaded', () => {
    const bench = new Bench();
    bench.fill(0, 50, 10);
    bench.wait(11);
    bench.space.expireEnabled = false;
    expect(bench.space.activeExpireCycle(5)).toBe(0);
    expect(bench.space.databases[0]!.lookupRead(...args('k1'))).toBe(0);
    bench.space.expireEnabled = true;
    bench.space.loading = true;
    expect(bench.space.activeExpireCycle(5)).toBe(0);
    expect(bench.space.databases[0]!.lookupRead(...args('k1'))).not.toBe(0);
    expect(bench.space.databases[0]!.size).toBe(50);
    bench.space.loading = false;
    expect(bench.space.activeExpireCycle(5)).toBe(50);
  });
});

describe('a key past its time', () => {
  it('is removed by whoever asks for it, and counts as a miss', () => {
    const bench = new Bench();
    const db = bench.space.databases[0]!;
    bench.fill(0, 4, 10);
    bench.wait(10);
    expect(db.lookupRead(...args('k0'))).not.toBe(0);
    bench.wait(1);
    expect(db.lookupRead(...args('k0'))).toBe(0);
    expect(db.lookupNoTouch(...args('k1'))).toBe(0);
    expect(db.lookupWrite(...args('k2'))).toBe(0);
    expect(db.delete(...args('k3'))).toBe(false);
    expect(bench.removed).toEqual(['0 k0 expired', '0 k1 expired', '0 k2 expired', '0 k3 expired']);
    expect(bench.space.stats).toMatchObject({ hits: 1, misses: 2, expired: 4 });
  });

  it('does not leave its expiry to the next value', () => {
    const bench = new Bench();
    const db = bench.space.databases[0]!;
    bench.fill(0, 1, 10);
    bench.wait(11);
    expect(db.expireAt(db.setString(...args('k0'), ...args('new'), true))).toBe(-1);
  });

  it('makes room for another one though it is only hidden', () => {
    const bench = new Bench();
    const db = bench.space.databases[0]!;
    bench.fill(0, 5, 10);
    db.setString(...args('other'), ...args('x'), false);
    bench.wait(11);
    bench.space.expireEnabled = false;
    db.setInteger(...args('k0'), 1, true);
    db.createHash(...args('k1'));
    db.rename(...args('other'), ...args('k2'));
    db.copy(...args('k2'), db, ...args('k3'));
    db.setString(...args('k4'), ...args('y'), false);
    expect(db.size).toBe(5);
    expect(db.volatileSize).toBe(0);
    audit(bench.space);
  });
});
