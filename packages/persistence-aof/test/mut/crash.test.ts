/**
 * Crashes at random moments, on a disk that keeps no more than it promised.
 *
 * The simulated server counts: command i is `NEXT i`, in a database that i decides, and can only be applied to the state i. So a lost,
 * doubled or reordered command anywhere but at the end shows in the replay. Some commands form transactions. A
 * rewrite's base is `PART n` several times, which add up to the state at its beginning.
 */
import { describe, expect, it } from 'vitest';
import { AppendOnlyFile } from './append-only-file.js';
import type { FsyncPolicy } from './options.js';
import { loadAppendOnlyFile } from './load.js';
import type { Rewrite } from './rewrite.js';
import { SimulatedDisk } from './simulated-disk.js';
import type { DiskOperation } from './simulated-disk.js';
import { command, seededRandom, settle, wordsOf } from './testing.fixture.js';

const SEEDS = Number(process.env.CRASH_SEEDS ?? 200);
const LOCATION = { directory: '/data' };
const POLICIES: FsyncPolicy[] = ['always', 'everysec', 'no'];
const FAILING: DiskOperation[] = [
  'open',
  'write',
  'truncate',
  'sync',
  'rename',
  'unlink',
  'syncDirectory',
  'mkdir',
  'read',
];

/** What a test server knows; it outlives the crash as the memory of the clients that got replies. */
interface Promises {
  /** Commands issued so far. */
  issued: number;
  /** Commands that must be there after a crash: confirmed as durable by a log that was in service. */
  durable: number;
  /** First command of each transaction and the one after its last. */
  transactions: { start: number; end: number }[];
}

/** Two commands in a row are for the same database. */
function databaseOf(number: number): number {
  return Math.floor(number / 2) % 3;
}

class Simulation {
  readonly #random: () => number;
  readonly #disk: SimulatedDisk;
  readonly #faults: boolean;
  readonly #promises: Promises = { issued: 0, durable: 0, transactions: [] };
  #aof: AppendOnlyFile;
  /** Stream position behind each command since the log was made, with the number of commands then. */
  #positions: { offset: number; count: number }[] = [];
  #rewrite: { rewrite: Rewrite; missing: number } | undefined;
  #now = 1_000_000;
  #fatal = false;

  constructor(seed: number, faults: boolean) {
    this.#random = seededRandom(seed);
    this.#disk = new SimulatedDisk({ random: this.#random, stepwise: true });
    this.#disk.put('/data/unrelated', new Uint8Array(0));
    this.#faults = faults;
    this.#aof = this.#newLog();
  }

  /** Answers how many commands were promised to be durable when a crash came, over all lives. */
  async run(): Promise<number> {
    let promised = 0;
    const lives = 1 + this.#below(3);
    for (let life = 0; life < lives; life++) {
      const before = this.#promises.durable;
      await this.#live();
      promised += this.#promises.durable - before;
      await this.#crash(this.#aof.writeError !== undefined || this.#random() < 0.8 ? 'power' : 'process');
    }
    return promised;
  }

  /**
   * What the operating system has survives the end of the process. Not so after a failed fsync: bytes that the next process
   * reads may never reach the disk, and nobody would tell it; so here the power fails then, at once.
   */
  async #crash(kind: 'power' | 'process'): Promise<void> {
    const kept = kind === 'process' && this.#aof.policy !== 'always' ? this.#countAt(this.#aof.writtenOffset) : 0;
    this.#disk.crash(kind);
    await this.#restart(kept);
  }

  /** One life of the server, until it crashes. */
  async #live(): Promise<void> {
    if (this.#random() < 0.85) await this.#open();
    const actions = 5 + this.#below(120);
    for (let i = 0; i < actions && !this.#fatal; i++) await this.#act();
  }

  async #act(): Promise<void> {
    const dice = this.#random();
    if (dice < 0.35) this.#issue();
    else if (dice < 0.75) await this.#steps(1 + this.#below(5));
    else if (dice < 0.82) this.#aof.tick((this.#now += this.#below(1200)));
    else if (dice < 0.94) this.#advanceRewrite();
    else if (dice < 0.95) this.#aof.policy = POLICIES[this.#below(3)] ?? 'no';
    else if (dice < 0.96) await this.#reopen();
    else if (this.#faults) this.#breakSomething();
    this.#confirm();
  }

  /** A turn of the server: some commands, perhaps a transaction. Refused while writing fails, as with -MISCONF. */
  #issue(): void {
    if (this.#aof.writeError !== undefined) return;
    const { transactions } = this.#promises;
    const count = 1 + this.#below(4);
    const transaction = this.#random() < 0.3;
    const start = this.#promises.issued;
    if (transaction) this.#append(databaseOf(start), command('MULTI'));
    for (let i = 0; i < count; i++) {
      const number = this.#promises.issued++;
      this.#append(databaseOf(number), command('NEXT', String(number), 'x'.repeat(this.#below(40))));
    }
    if (transaction) {
      this.#append(databaseOf(start + count - 1), command('EXEC'));
      transactions.push({ start, end: start + count });
    }
    this.#positions.push({ offset: this.#aof.appendedOffset, count: this.#promises.issued });
    this.#aof.flush();
  }

  #append(database: number, bytes: Uint8Array): void {
    this.#aof.append(database, bytes, 0, bytes.length);
  }

  #advanceRewrite(): void {
    if (this.#rewrite === undefined) {
      if (this.#aof.rewriting || this.#aof.writeError !== undefined || this.#random() < 0.5) return;
      this.#rewrite = { rewrite: this.#aof.startRewrite(), missing: this.#promises.issued };
      return;
    }
    const { rewrite, missing } = this.#rewrite;
    if (this.#random() < 0.05) {
      void rewrite.abort('the test says so');
    } else if (missing > 0) {
      const part = Math.min(missing, 1 + this.#below(30));
      const bytes = command('PART', String(part), 'y'.repeat(this.#below(100)));
      rewrite.append(1, bytes, 0, bytes.length);
      this.#rewrite.missing -= part;
      return;
    } else {
      rewrite.finish().catch(() => undefined);
    }
    this.#rewrite = undefined;
  }

  async #reopen(): Promise<void> {
    const inService = this.#aof.state === 'open';
    if (!(await this.#finish(this.#aof.close()))) return this.#crash('power');
    if (inService) this.#promises.durable = this.#promises.issued;
    await this.#restart(0);
    if (this.#random() < 0.8) await this.#open();
  }

  async #open(): Promise<void> {
    const opened = await this.#finish(this.#aof.open());
    if (opened) this.#promises.durable = this.#promises.issued;
  }

  #confirm(): void {
    this.#promises.durable = Math.max(this.#promises.durable, this.#countAt(this.#aof.durableOffset));
  }

  /** Commands that a log in service has when it has everything up to `offset`. */
  #countAt(offset: number): number {
    if (this.#aof.state !== 'open') return 0;
    return this.#positions.reduce((count, position) => (position.offset <= offset ? position.count : count), 0);
  }

  #newLog(): AppendOnlyFile {
    this.#positions = [];
    return new AppendOnlyFile({
      ...LOCATION,
      fileSystem: this.#disk,
      policy: POLICIES[this.#below(3)] ?? 'no',
      now: this.#now,
      onFatal: () => (this.#fatal = true),
    });
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #breakSomething(): void {
    const dice = this.#random();
    if (dice < 0.6) this.#disk.fail(FAILING[this.#below(FAILING.length)] ?? 'write', 1 + this.#below(3));
    else if (dice < 0.8) this.#disk.capacity = this.#below(4000);
    else this.#disk.heal();
  }

  async #steps(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      if (!this.#disk.step()) return;
      await settle();
    }
  }

  /** Lets the disk work until `promise` is settled; answers whether it succeeded. */
  async #finish(promise: Promise<unknown>): Promise<boolean> {
    let settled: boolean | undefined;
    promise.then(
      () => (settled = true),
      () => (settled = false),
    );
    await settle();
    for (let i = 0; settled === undefined; i++) {
      if (i > 10_000) throw new Error('a call that never ends');
      this.#disk.step();
      await settle();
    }
    return settled;
  }

  /** Loads what is there and checks it against what was promised, and `kept`; the server goes on from it. */
  async #restart(kept: number): Promise<void> {
    this.#disk.heal();
    let state = 0;
    let database = 0;
    let parts = true;
    let failure: unknown;
    const loading = loadAppendOnlyFile(
      { ...LOCATION, fileSystem: this.#disk, loadTruncated: true, chunkBytes: 64 },
      (request) => {
        const [name, value] = wordsOf(request);
        const number = Number(value);
        if (name === 'SELECT') {
          database = number;
        } else if (name === 'PART') {
          if (!parts) throw new Error('a base after increments');
          state += number;
        } else {
          if (name !== 'NEXT' || number !== state || database !== databaseOf(number)) {
            throw new Error(`${name} ${number} in database ${database} at ${state}`);
          }
          parts = false;
          state++;
        }
      },
    );
    loading.catch((error: unknown) => (failure = error));
    await this.#finish(loading);
    if (failure !== undefined) throw failure as Error;
    const { durable, issued, transactions } = this.#promises;
    expect(state, 'a confirmed command is lost').toBeGreaterThanOrEqual(Math.max(durable, kept));
    expect(state, 'a command that was never issued').toBeLessThanOrEqual(issued);
    expect(
      transactions.find(({ start, end }) => start < state && state < end),
      'half a transaction',
    ).toBe(undefined);
    this.#promises.issued = state;
    this.#promises.transactions = transactions.filter(({ end }) => end <= state);
    this.#rewrite = undefined;
    this.#fatal = false;
    this.#aof = this.#newLog();
  }
}

describe.each([
  ['a healthy disk', false],
  ['a disk that fails calls and runs full', true],
])('crashes on %s', (_, faults) => {
  it(
    `lose nothing that was durable and leave a log that loads: ${SEEDS} seeds`,
    { timeout: 30_000 + SEEDS * 100 },
    async () => {
      let promised = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        try {
          promised += await new Simulation(seed, faults).run();
        } catch (error) {
          throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        }
      }
      // Otherwise the test would prove nothing.
      expect(promised).toBeGreaterThan(SEEDS * 10);
    },
  );
});
