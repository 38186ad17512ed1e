import { SimulatedDisk } from '@clone/persistence-aof';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DirectoryLock, DirectoryLockedError } from './directory-lock.js';
import { formatLock, parseLock, type LockRecord } from './lock-record.js';
import { readProcessFacts, type ProcessFacts, type System } from './process-facts.js';

// The server's timers are not those that `useFakeTimers` replaces (test/fake-timers.test.ts): here they are.
vi.mock('node:timers', () => ({
  setTimeout: (work: () => void, ms: number) => setTimeout(work, ms),
  clearTimeout: (timer: NodeJS.Timeout | undefined) => clearTimeout(timer),
}));

const LOCK = '/data/clone.lock';
const WATCH_MS = 15_000;
/** Pids that live, in the set of pids called `here`. */
const living = new Set<number>();
let tokens = 0;
let clock = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  living.clear();
});
afterEach(() => {
  vi.useRealTimers();
});

function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function pass(milliseconds: number): Promise<void> {
  for (let done = 0; done < milliseconds; done += 250) {
    clock += 250;
    await vi.advanceTimersByTimeAsync(250);
    await settle();
  }
}

function factsOf(pid: number, pidSet = 'here', start = 'then'): ProcessFacts {
  living.add(pid);
  return {
    ...{ pid, host: 'box', pidSet, start },
    isSamePidSet: (other) => other === pidSet,
    isAlive: (other) => living.has(other),
    newToken: () => (++tokens).toString(16).padStart(32, '0'),
    clocks: () => ({ monotonic: clock, wall: clock }),
  };
}

interface Holder {
  readonly lock: DirectoryLock;
  readonly lines: string[];
  readonly lost: DirectoryLockedError[];
}

function holder(disk: SimulatedDisk, facts: ProcessFacts): Holder {
  const lines: string[] = [];
  const lost: DirectoryLockedError[] = [];
  const lock = new DirectoryLock({
    fileSystem: disk,
    facts,
    log: (_level, line) => lines.push(line),
    lost: (error) => lost.push(error),
  });
  return { lock, lines, lost };
}

function newDisk(content?: string | Uint8Array): SimulatedDisk {
  const disk = new SimulatedDisk({ random: seededRandom(1) });
  disk.put('/data/other', new Uint8Array(0));
  if (content !== undefined) disk.put(LOCK, Buffer.from(content));
  return disk;
}

const recordOf = (pid: number, pidSet: string): LockRecord => ({
  ...{ pid, host: 'other', token: 'f'.repeat(32), pidSet, start: 'then', beat: 0 },
});

const names = (disk: SimulatedDisk): string[] => [...disk.contents().keys()];
const outcome = (promise: Promise<void>): Promise<unknown> =>
  promise.then(
    () => 'held',
    (error: unknown) => error,
  );

describe('a lock', () => {
  test('is there from `take` to `release`, and nothing else is', async () => {
    const disk = newDisk();
    const { lock } = holder(disk, factsOf(7));
    await lock.take('/data');
    expect(parseLock(disk.contents().get(LOCK)!)).toMatchObject({ pid: 7, host: 'box', pidSet: 'here' });
    await lock.take('/data');
    expect(names(disk)).toEqual(['/data/other', LOCK]);
    await lock.release();
    expect(names(disk)).toEqual(['/data/other']);
  });

  test('of a living process is respected, and who holds it is named', async () => {
    const disk = newDisk();
    await holder(disk, factsOf(7)).lock.take('/data');
    const before = disk.contents();
    const error = await outcome(holder(disk, factsOf(8)).lock.take('/data'));
    expect(error).toBeInstanceOf(DirectoryLockedError);
    expect(error).toMatchObject({ pid: 7, host: 'box', path: '/data' });
    expect((error as Error).message).toMatch(/^the directory '\/data' is in use by [^\n]*pid 7[^\n]*$/);
    expect(disk.contents()).toEqual(before);
  });

  test('of a dead process is taken over at once', async () => {
    const disk = newDisk();
    await holder(disk, factsOf(7)).lock.take('/data');
    living.delete(7);
    const { lock, lines } = holder(disk, factsOf(8));
    await lock.take('/data');
    expect(parseLock(disk.contents().get(LOCK)!)).toMatchObject({ pid: 8 });
    expect(names(disk)).toEqual(['/data/other', LOCK]);
    expect(lines).toEqual([]);
  });

  test('of another server in the same process is respected', async () => {
    const disk = newDisk();
    const facts = factsOf(7);
    await holder(disk, facts).lock.take('/data');
    const error = await outcome(holder(disk, facts).lock.take('/data'));
    expect((error as Error).message).toContain('another server of this process');
  });

  test('that is released while another one asks goes to that one', async () => {
    const disk = newDisk();
    const facts = factsOf(7);
    const { lock } = holder(disk, facts);
    await lock.take('/data');
    await Promise.all([lock.release(), lock.take('/data')]);
    expect(parseLock(disk.contents().get(LOCK)!)).toMatchObject({ pid: 7 });
    expect(lock.isHeld).toBe(true);
    await lock.close();
    expect(names(disk)).toEqual(['/data/other']);
    expect(await outcome(lock.take('/data'))).toMatchObject({ message: 'the start was given up' });
  });
});

describe('a lock of another set of pids', () => {
  test('is taken over when nothing moves: another container, another machine, a reboot', async () => {
    const disk = newDisk(formatLock(recordOf(8, 'elsewhere')));
    // The pid is in use here, too: that says nothing.
    living.add(8);
    const { lock, lines } = holder(disk, factsOf(9));
    const taking = outcome(lock.take('/data'));
    await pass(WATCH_MS - 1000);
    expect(lock.isHeld).toBe(false);
    expect(lines).toEqual([expect.stringMatching(/pid 8 on host "other".*waiting 15 seconds/)]);
    await pass(2000);
    expect(await taking).toBe('held');
    expect(lines[1]).toMatch(/has not changed for 15 seconds.*taking over/);
  });

  test('is respected as soon as it moves', async () => {
    const disk = newDisk();
    await holder(disk, factsOf(7, 'elsewhere')).lock.take('/data');
    const taking = outcome(holder(disk, factsOf(9)).lock.take('/data'));
    await pass(4000);
    expect(await taking).toMatchObject({ name: 'DirectoryLockedError', pid: 7 });
  });

  test('can be waited for in vain: the wait ends when the start is given up', async () => {
    const disk = newDisk(formatLock(recordOf(8, 'elsewhere')));
    const { lock } = holder(disk, factsOf(9));
    const taking = outcome(lock.take('/data'));
    await pass(1000);
    await lock.close();
    expect(await taking).toMatchObject({ message: 'the start was given up' });
    expect(parseLock(disk.contents().get(LOCK)!)).toMatchObject({ pid: 8 });
  });

  test('of a holder that was suspended is lost to it: before its next change it looks, and changes nothing', async () => {
    const disk = newDisk();
    const suspended = holder(disk, factsOf(7, 'elsewhere'));
    await suspended.lock.take('/data');
    vi.clearAllTimers();
    const other = holder(disk, factsOf(9));
    const taking = outcome(other.lock.take('/data'));
    await pass(WATCH_MS + 1000);
    expect(await taking).toBe('held');
    const held = Buffer.from(disk.contents().get(LOCK)!).toString();
    expect(await outcome(suspended.lock.confirm()!)).toMatchObject({ name: 'DirectoryLockedError', pid: 9 });
    expect(suspended.lost).toHaveLength(1);
    expect(await outcome(suspended.lock.confirm()!)).toBe(suspended.lost[0]);
    await suspended.lock.release();
    expect(Buffer.from(disk.contents().get(LOCK)!).toString()).toBe(held);
  });

  test('is looked at by the clock on the wall as well: the other one stands while a machine sleeps', async () => {
    const disk = newDisk();
    const time = { monotonic: 0, wall: 0 };
    const { lock } = holder(disk, { ...factsOf(7), clocks: () => ({ ...time }) });
    await lock.take('/data');
    expect(lock.confirm()).toBe(undefined);
    time.wall += 60_000;
    const confirming = lock.confirm();
    expect(confirming).toBeInstanceOf(Promise);
    await confirming;
    expect(lock.confirm()).toBe(undefined);
  });

  test('is noticed to be lost by the next beat, and made again when somebody removed it', async () => {
    const disk = newDisk();
    const { lock, lost, lines } = holder(disk, factsOf(7));
    await lock.take('/data');
    await disk.unlink(LOCK);
    await pass(2500);
    expect(parseLock(disk.contents().get(LOCK)!)).toMatchObject({ pid: 7 });
    disk.fail('open');
    await pass(2500);
    expect(lines).toEqual([expect.stringMatching(/cannot be renewed/)]);
    disk.put(LOCK, formatLock(recordOf(8, 'elsewhere')));
    await pass(2500);
    expect(lost).toEqual([expect.objectContaining({ pid: 8, host: 'other' })]);
    expect(parseLock(disk.contents().get(LOCK)!)).toMatchObject(recordOf(8, 'elsewhere'));
  });
});

describe('a lock file that is none', () => {
  test.each([
    ['of somebody else', 'my own notes'],
    ['with a line of ours that says nothing', '{"lock":"clone-server","pid":-1}\n'],
  ])('%s is left alone, and one line says so', async (_, content) => {
    const disk = newDisk(content);
    const error = await outcome(holder(disk, factsOf(9)).lock.take('/data'));
    expect((error as Error).message).toBe(
      "'/data/clone.lock' is no lock file of this server: move it away, or choose another dir",
    );
    expect(Buffer.from(disk.contents().get(LOCK)!).toString()).toBe(content);
  });

  test.each([0, 5, 60])(
    'but %i bytes of one that was not finished is taken over when it does not move',
    async (length) => {
      const disk = newDisk(Buffer.concat([formatLock(recordOf(8, 'here')).subarray(0, length), Buffer.alloc(20)]));
      const taking = outcome(holder(disk, factsOf(9)).lock.take('/data'));
      await pass(WATCH_MS + 1000);
      expect(await taking).toBe('held');
      expect(names(disk)).toEqual(['/data/other', LOCK]);
    },
  );
});

describe('a disk that refuses', () => {
  test.each([
    ['open', 'EACCES', 'Permission denied'],
    ['open', 'EROFS', 'Read-only file system'],
    ['write', 'ENOSPC', 'No space left on device'],
  ] as const)('%s with %s: one line, and nothing is left', async (operation, code, text) => {
    const disk = newDisk();
    disk.fail(operation, 1, code);
    const { lock } = holder(disk, factsOf(7));
    const error = await outcome(lock.take('/data'));
    expect((error as Error).message).toBe(`can't lock the directory '/data': ${text}`);
    expect(names(disk)).toEqual(['/data/other']);
    await lock.take('/data');
    expect(lock.isHeld).toBe(true);
  });

  test('room for a claim does not keep the lock from being released', async () => {
    const disk = newDisk();
    const { lock } = holder(disk, factsOf(7));
    await lock.take('/data');
    disk.capacity = 0;
    await lock.release();
    expect(names(disk)).toEqual(['/data/other']);
  });
});

describe('several starters at once', () => {
  /** One program: when it is killed, no call of it ends any more. */
  class Program {
    readonly pid: number;
    readonly lock: DirectoryLock;
    state: 'new' | 'taking' | 'held' | 'over' = 'new';
    #isKilled = false;

    constructor(disk: SimulatedDisk, pid: number) {
      this.pid = pid;
      const fileSystem = new Proxy(disk, {
        get: (target, name) => {
          const method: unknown = Reflect.get(target, name);
          if (typeof method !== 'function') return method;
          return (...args: unknown[]): unknown => this.#call(() => Reflect.apply(method, target, args) as unknown);
        },
      });
      this.lock = new DirectoryLock({ fileSystem, facts: factsOf(pid), log: () => undefined, lost: () => this.kill() });
    }

    take(): void {
      this.state = 'taking';
      this.lock.take('/data').then(
        () => this.#becomes('held'),
        () => this.#becomes('over'),
      );
    }

    release(): void {
      this.state = 'over';
      void this.lock.release().then(() => living.delete(this.pid));
    }

    kill(): void {
      this.#isKilled = true;
      this.state = 'over';
      living.delete(this.pid);
    }

    #becomes(state: 'held' | 'over'): void {
      if (!this.#isKilled) this.state = state;
    }

    #call(run: () => unknown): unknown {
      if (this.#isKilled) return new Promise(() => undefined);
      return run();
    }
  }

  test.each([
    ['a dead holder', 400, formatLock(recordOf(9999, 'here'))],
    ['a lock that was not finished', 1200, Buffer.from('{"lock"')],
    ['no lock', 400, undefined],
  ])('of which some are killed, some stop: %s is never succeeded by two', async (_, steps, content) => {
    let successes = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed * 7919);
      const disk = new SimulatedDisk({ random, stepwise: true });
      disk.put('/data/other', new Uint8Array(0));
      if (content !== undefined) disk.put(LOCK, content);
      const programs: Program[] = [];
      for (let step = 0; step < steps; step++) {
        const dice = random();
        if (dice < 0.03 && programs.length < 12) {
          const program = new Program(disk, seed * 100 + programs.length);
          programs.push(program);
          program.take();
        } else if (dice < 0.04) {
          programs[Math.floor(random() * programs.length)]?.kill();
        } else if (dice < 0.06) {
          programs.find((program) => program.state === 'held')?.release();
        } else if (dice < 0.4) {
          clock += 250;
          await vi.advanceTimersByTimeAsync(250);
        } else {
          disk.step();
        }
        await settle();
        const holders = programs.filter((program) => program.state === 'held');
        expect(holders.length, `seed ${seed}, step ${step}`).toBeLessThanOrEqual(1);
        successes += holders.length;
      }
      // Whatever they left: who comes when all are dead has the directory.
      for (const program of programs) program.kill();
      const last = new Program(disk, seed * 100 + 99);
      last.take();
      for (let step = 0; last.state === 'taking' && step < 2000; step++) {
        disk.step();
        await settle();
        if (disk.waiting === 0) {
          clock += 1000;
          await vi.advanceTimersByTimeAsync(1000);
        }
      }
      expect(last.state, `seed ${seed}`).toBe('held');
      vi.clearAllTimers();
    }
    expect(successes).toBeGreaterThan(1000);
  });
});

describe('what is known of processes', () => {
  const missing = Object.assign(new Error('missing'), { code: 'ENOENT' });
  const system = (changes: Partial<System> = {}): System => ({
    ...{ platform: 'darwin', pid: 100, hostname: () => 'mac', uptime: () => 1000, now: () => 5_000_000 },
    readFile: () => {
      throw missing;
    },
    readLink: () => {
      throw missing;
    },
    signalZero: () => undefined,
    ...changes,
  });
  const failing = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };
  const linux = (files: Readonly<Record<string, string>>, changes: Partial<System> = {}): System =>
    system({
      platform: 'linux',
      readFile: (path) => {
        const text = files[path];
        if (text === undefined) throw missing;
        return text;
      },
      readLink: () => 'pid:[4026531836]',
      ...changes,
    });
  const stat = (state: string, start: string): string =>
    `100 (a) b (c)) ${state} ${Array.from({ length: 18 }, (_, i) => i).join(' ')} ${start} 0 0`;

  test('this process is in its own set and lives', () => {
    const facts = readProcessFacts();
    expect(facts.isSamePidSet(facts.pidSet)).toBe(true);
    expect(facts.isAlive(process.pid, facts.start)).toBe(true);
    expect(facts.newToken()).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each(['darwin', 'win32'])('on %s a set is a host and a time of boot, give or take', (platform) => {
    const facts = readProcessFacts(system({ platform }));
    const later = readProcessFacts(system({ platform, uptime: () => 1500, now: () => 5_505_000 }));
    const rebooted = readProcessFacts(system({ platform, uptime: () => 10, now: () => 5_505_000 }));
    const other = readProcessFacts(system({ platform, hostname: () => 'another' }));
    expect([later, rebooted, other].map(({ pidSet }) => facts.isSamePidSet(pidSet))).toEqual([true, false, false]);
    expect(facts.isSamePidSet('nonsense')).toBe(false);
    expect(facts.start).toBe('');
  });

  test('a process is dead only when the system says that there is none', () => {
    const answers = ['ESRCH', 'EPERM', 'EINVAL'].map((code) =>
      readProcessFacts(system({ signalZero: failing(code) })).isAlive(7, ''),
    );
    expect(answers).toEqual([false, true, true]);
    expect(readProcessFacts(system()).isAlive(7, '')).toBe(true);
  });

  test('on Linux a set is a boot and a namespace, and a pid that is used again is another process', () => {
    const boot = { '/proc/sys/kernel/random/boot_id': 'abc\n' };
    const facts = readProcessFacts(
      linux({ ...boot, '/proc/100/stat': stat('S', '55'), '/proc/7/stat': stat('R', '66') }),
    );
    expect(facts.pidSet).toBe('linux abc pid:[4026531836]');
    expect(facts.start).toBe('55');
    expect(facts.isAlive(7, '66')).toBe(true);
    expect(facts.isAlive(7, '65')).toBe(false);
    // Not to be read: it lives.
    expect(facts.isAlive(8, '65')).toBe(true);
    expect(readProcessFacts(linux({ ...boot, '/proc/7/stat': stat('Z', '66') })).isAlive(7, '66')).toBe(false);
    const contained = readProcessFacts(linux(boot, { readLink: () => 'pid:[1]' }));
    const rebooted = readProcessFacts(linux({ '/proc/sys/kernel/random/boot_id': 'abd\n' }));
    expect([contained, rebooted].map(({ pidSet }) => facts.isSamePidSet(pidSet))).toEqual([false, false]);
  });

  test('on Linux without /proc it is as elsewhere', () => {
    const facts = readProcessFacts(linux({}));
    expect(facts.pidSet).toBe('linux mac boot 4000');
    expect(facts.isSamePidSet(facts.pidSet)).toBe(true);
  });
});
