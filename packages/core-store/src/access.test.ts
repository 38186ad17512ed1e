import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LFU_INITIAL, lfuDecayed, lfuIncremented, lfuInitial, lfuMinutes, lruClock, lruIdleSeconds } from './access.js';
import { args, chance } from './bytes.fixture.js';
import { Keyspace } from './keyspace.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const WRAP = 2 ** 24;

describe('the clock of last use', () => {
  it('tells the seconds since, also when it has wrapped in between', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), fc.nat({ max: WRAP - 2 }), (then, seconds) => {
        const idle = lruIdleSeconds(lruClock(then + seconds * SECOND), lruClock(then));
        const wrapped = lruClock(then + seconds * SECOND) < lruClock(then);
        // Redis loses a second at the wrap.
        expect(idle).toBe(wrapped ? seconds - 1 : seconds);
      }),
    );
  });
});

describe('the counter of uses', () => {
  it('grows as the table in redis.conf says', () => {
    // Hits, logarithmic factor, counter.
    for (const [hits, factor, expected] of [
      [100, 0, 104],
      [1000, 0, 255],
      [100, 1, 18],
      [1000, 1, 49],
      [100, 10, 10],
      [1000, 10, 18],
      [100_000, 10, 142],
      [1000, 100, 11],
      [100_000, 100, 49],
    ] as const) {
      const random = chance(hits + factor);
      let counter: number = LFU_INITIAL;
      for (let i = 0; i < hits; i++) counter = lfuIncremented(counter, factor, random);
      expect(Math.abs(counter - expected)).toBeLessThanOrEqual(Math.max(4, expected * 0.08));
    }
  });

  it('loses one per decay time, down to 0, also when the minutes have wrapped', () => {
    expect(lfuDecayed((1000 << 8) | 50, 1000, 1)).toBe(50);
    expect(lfuDecayed((1000 << 8) | 50, 1007, 1)).toBe(43);
    expect(lfuDecayed((1000 << 8) | 50, 1007, 3)).toBe(48);
    expect(lfuDecayed((1000 << 8) | 50, 2000, 1)).toBe(0);
    expect(lfuDecayed((1000 << 8) | 50, 2000, 0)).toBe(50);
    expect(lfuDecayed((65_530 << 8) | 50, 4, 1)).toBe(41);
    expect(lfuInitial(70 * MINUTE) >>> 8).toBe(lfuMinutes(70 * MINUTE));
    expect(lfuInitial(70 * MINUTE) & 255).toBe(LFU_INITIAL);
  });
});

describe('access bits of keys', () => {
  const make = (): { space: Keyspace; wait: (ms: number) => void } => {
    let now = 1_700_000_000_000;
    const space = new Keyspace({ clock: { now: () => now }, random: chance(1), hashSeed: [1, 2] });
    return {
      space,
      wait: (ms) => {
        now += ms;
        space.readClock();
      },
    };
  };

  it('tell how long a key was idle, and only reading or writing it ends that', () => {
    const { space, wait } = make();
    const db = space.databases[0]!;
    const idle = (): number => db.idleSeconds(db.peek(...args('k')));
    db.setString(...args('k'), ...args('v'), false);
    expect(idle()).toBe(0);
    wait(10 * SECOND);
    db.lookupNoTouch(...args('k'));
    expect(idle()).toBe(10);
    db.lookupRead(...args('k'));
    expect(idle()).toBe(0);
    wait(7 * SECOND);
    db.lookupWrite(...args('k'));
    expect(idle()).toBe(0);
    wait(7 * SECOND);
    db.touch(db.peek(...args('k')));
    expect(idle()).toBe(0);
    wait(7 * SECOND);
    db.setString(...args('k'), ...args('w'), false);
    expect(idle()).toBe(0);
    wait(7 * SECOND);
    space.touching = false;
    db.lookupRead(...args('k'));
    expect(idle()).toBe(7);
  });

  it('move with a key: a rename is no use, and neither is an expiry', () => {
    const { space, wait } = make();
    const db = space.databases[0]!;
    db.setString(...args('k'), ...args('v'), false);
    wait(30 * SECOND);
    db.setExpireAt(db.peek(...args('k')), space.now + 1000);
    db.rename(...args('k'), ...args('l'));
    expect(db.idleSeconds(db.peek(...args('l')))).toBe(30);
    expect(db.move(...args('l'), space.databases[1]!)).toBe(true);
    expect(space.databases[1]!.idleSeconds(space.databases[1]!.peek(...args('l')))).toBe(30);
  });

  it('count uses and forget them with time, under an LFU policy', () => {
    const { space, wait } = make();
    const db = space.databases[0]!;
    space.maxmemoryPolicyIsLfu = true;
    wait(1);
    db.setString(...args('k'), ...args('v'), false);
    const frequency = (): number => db.frequency(db.peek(...args('k')));
    expect(frequency()).toBe(LFU_INITIAL);
    space.lfuLogFactor = 0;
    for (let i = 0; i < 20; i++) db.lookupRead(...args('k'));
    expect(frequency()).toBe(LFU_INITIAL + 20);
    wait(4 * MINUTE);
    expect(frequency()).toBe(LFU_INITIAL + 16);
    db.lookupRead(...args('k'));
    expect(frequency()).toBe(LFU_INITIAL + 17);
    // The count is the key's, not the value's; to set it is one use more.
    db.setString(...args('k'), ...args('a much longer value than before'), false);
    expect(frequency()).toBe(LFU_INITIAL + 18);
    wait(100 * MINUTE);
    expect(frequency()).toBe(0);
  });
});
