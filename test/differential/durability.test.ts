// What every write command has done is there again after a restart, and after a restart from a rewritten log; and
// `redis-server` makes the same data of the same log.
//
// The examples are the cases of the kit: each is run in a database of its own, so that one log holds them all. Cases that
// leave their database have a server of their own. Which commands must have been shown is asked of the server.
// Beside them stand random commands, with keys that expire on the way: their log is replayed long before and long after.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from '@clone/server';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { dataFamilies } from './cases/index.js';
import { hashExpiry } from './cases/hash-expiry.js';
import { splitArguments } from './arguments.js';
import { durableState, type DurableKey } from './durable-state.js';
import { expiryCases } from './expiry-cases.js';
import { writingFamilies } from './random/index.js';
import type { Frame } from './raw-frame.js';
import { makeDirectory, referenceMissing, startReference } from './reference.js';
import { Session } from './run.js';
import { t, type Case, type Step, type StepLike } from './steps.js';

/** Data are looked at as of a time before all cases: nothing is past its time then. */
const BEFORE_MS = 3_600_000;
/** What expires within this time may be gone on `redis-server`, whose clock nobody sets. */
const SOON_MS = 600_000;
/** A log may lie for years, and a clock may have been wrong. */
const AGES_MS = 10 * 365 * 86_400_000;
/** Random commands: so many sequences of each family, so many commands between two moves of the clock. */
const SEQUENCES = 24;
const TOGETHER = 8;

const leavesItsDatabase = /^(FLUSHALL|SWAPDB|SELECT|MOVE)\b|^COPY .* DB /i;

/** Cases whose data `redis-server` loses too, by one of their commands: its log is the same, which `effects.test.ts` shows. */
const lost: readonly { readonly by: RegExp; readonly why: string }[] = [
  {
    by: /^BITFIELD k OVERFLOW FAIL SET u8 100 256$/,
    why: 'a key made by a BITFIELD of which nothing succeeds is not logged',
  },
  { by: /^CONFIG SET hll-sparse-max-bytes/, why: 'PFADD is repeated with the limit that there is at the restart' },
  { by: /^SETRANGE h 4 "\\x01"$/, why: 'PFADD unpacks a damaged HyperLogLog before it finds the damage' },
];

/** Write commands of which no case can show a change. */
const changeNothing: readonly string[] = [
  // There are no functions yet.
  'function|flush',
];

// prettier-ignore
const fieldTimes: readonly Case[] = [
  t('fields get times in every form',
    'HSET h a 1 b 2 c 3 d 4 e 5', 'HEXPIRE h 5000 FIELDS 1 a', 'HPEXPIRE h 6000000 NX FIELDS 2 b a',
    'HEXPIREAT h 33177117420 FIELDS 1 c', 'HPEXPIREAT h 33177117420123 GT FIELDS 1 c', 'HEXPIRE h 9 LT FIELDS 1 c',
    'HPERSIST h FIELDS 2 b d', 'HSET h a again'),
  t('values are read and set with times',
    'HSET h a 1 b 2 c 3', 'HGETEX h EX 5000 FIELDS 1 a', 'HGETEX h PX 5000000 FIELDS 1 b', 'HGETEX h EXAT 33177117420 FIELDS 1 c',
    'HSETEX i EX 5000 FIELDS 2 a 1 b 2', 'HSETEX i FXX PX 7000000 FIELDS 1 a 2', 'HSETEX i FNX EXAT 33177117420 FIELDS 1 n 2',
    'HSETEX i KEEPTTL FIELDS 1 b 3', 'HGETEX i PERSIST FIELDS 1 n', 'HGETDEL i FIELDS 1 a'),
  t('a big hash keeps times', 'CONFIG SET hash-max-listpack-entries 2', 'HSET h a 1 b 2 c 3 d 4', 'HPEXPIRE h 5000000 FIELDS 2 a b',
    'HEXPIRE h 4000 FIELDS 1 c', 'HINCRBY h a 5', 'HINCRBYFLOAT h b 0.5', 'COPY h i', 'RENAME h j', 'HDEL i c', 'HEXPIRE j 0 FIELDS 1 d'),
  t('fields are gone when they are come upon late', 'HSET h a 1 b 2', 'HPEXPIRE h 1 FIELDS 1 a', 'DEBUG SLEEP 0.01', 'HSET h a 2',
    'HSET i a 1', 'HPEXPIRE i 1 FIELDS 1 a', 'DEBUG SLEEP 0.01', 'HSETNX i a 3', 'HINCRBY i b 1'),
];

const isAlone = (each: Case): boolean => each.steps.some((step) => leavesItsDatabase.test(step.line));

const request = (line: string): Buffer[] => splitArguments(line);

/** A server of ours over files that outlive it. */
class DurableServer {
  readonly directory = makeDirectory({});
  readonly databases: number;
  /** Undefined: the clock goes. */
  #time: number | undefined;
  #end = 0;

  constructor(databases: number) {
    this.databases = databases;
  }

  /**
   * Once the cases have ended, the log is loaded as of their end, and time goes back when that is done.
   * @param shift milliseconds from that end to the time of loading
   */
  async start(shift = 0): Promise<Session & { dirty: () => number }> {
    if (this.#end > 0) this.#time = this.#end + shift;
    const path = join(this.directory, 'socket');
    const server = await createServer({
      port: false,
      clock: () => this.#time ?? Date.now(),
      log: (_, line) => {
        if (line.startsWith('DB loaded') && this.#end > 0) this.goBack();
      },
      config: {
        ...{ appendonly: 'yes', appendfsync: 'no', databases: String(this.databases), save: '' },
        ...{ dir: this.directory, unixsocket: path, 'enable-debug-command': 'yes' },
      },
    });
    const session = new Session({
      name: 'clone-server',
      address: { path },
      directory: this.directory,
      keyspace: server.keyspace,
      login: undefined,
      stop: () => server.stop(),
    });
    return Object.assign(session, { dirty: () => server.keyspace.dirty });
  }

  /** The clock stands from now on, so much later than it stood. */
  advance(ms: number): void {
    this.#time = (this.#time ?? Date.now()) + ms;
  }

  /** From now on it is a time before anything was written. */
  goBack(): void {
    if (this.#end === 0) this.#end = this.#time ?? Date.now();
    this.#time = this.#end - BEFORE_MS;
  }

  state(session: Session): Promise<Map<string, DurableKey>> {
    return durableState(session, this.databases, true);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Waits until the server has rewritten its log. */
async function rewritten(session: Session): Promise<void> {
  await session.control(request('BGREWRITEAOF'));
  for (;;) {
    const [info] = await session.control(request('INFO persistence'));
    if (!info?.body?.includes('aof_rewrite_in_progress:1')) return;
  }
}

/** What `redis-server` makes of the log in a directory. */
async function stateOfReference(directory: string, databases: number): Promise<Map<string, DurableKey>> {
  const log = join(directory, 'appendonlydir');
  const files = readdirSync(log).map((name) => [join('appendonlydir', name), readFileSync(join(log, name))] as const);
  const config = { appendonly: 'yes', 'aof-use-rdb-preamble': 'no', databases: String(databases) };
  const reference = new Session(await startReference({ config, files: Object.fromEntries(files) }));
  try {
    for (;;) {
      const [pong] = await reference.control(request('PING'));
      if (pong?.header === 'PONG') break;
    }
    return await durableState(reference, databases, false);
  } finally {
    await reference.close();
  }
}

const shown = new Set<string>();

/** Notes which write commands have changed something. */
class Witness {
  readonly #dirty: () => number;
  readonly #waiting = new Map<string, { step: Step; before: number }>();
  #before: number;

  constructor(dirty: () => number) {
    this.#dirty = dirty;
    this.#before = dirty();
  }

  readonly watch = (step: Step, [reply]: readonly Frame[]): void => {
    const now = this.#dirty();
    if (step.does === 'blocks') this.#waiting.set(step.connection, { step, before: now });
    const waited = step.does === 'listens' ? this.#waiting.get(step.connection) : undefined;
    if (reply !== undefined && !'-!'.includes(reply.type) && now !== (waited?.before ?? this.#before)) {
      const [name = '', subcommand = ''] = (waited?.step ?? step).args.map((arg) =>
        arg.toString('latin1').toLowerCase(),
      );
      shown.add(name).add(`${name}|${subcommand}`);
    }
    this.#before = now;
  };
}

type Part = Exclude<keyof DurableKey, 'expireAt'>;

/** Parts of all keys, by name. */
const show = (state: Map<string, DurableKey>, ...parts: readonly Part[]): Record<string, string> =>
  Object.fromEntries([...state].map(([name, key]) => [name, parts.map((part) => key[part]).join('\n')]));

/** Without what may have expired where the clock goes. */
function lasting(state: Map<string, DurableKey>): Map<string, DurableKey> {
  const soon = Date.now() + SOON_MS;
  return new Map([...state].filter(([, { expireAt }]) => expireAt < 0 || expireAt > soon));
}

interface Proof {
  readonly databases: number;
  /** Whether `redis-server` knows all that is logged. */
  readonly reference?: boolean;
  /** Whether the log is rewritten, too. */
  readonly rewrite?: boolean;
}

/** Runs cases, one in each database, and restarts: from the log, and from what it is rewritten to. */
async function prove(cases: readonly Case[], { databases, reference, rewrite }: Proof): Promise<void> {
  const home = new DurableServer(databases);
  const compareReference = async (state: Map<string, DurableKey>, how: string): Promise<void> => {
    if (reference !== true) return;
    const there = lasting(await stateOfReference(home.directory, databases));
    const here = lasting(state);
    expect(show(there, 'value', 'deliveries'), how).toEqual(show(here, 'value', 'deliveries'));
  };
  try {
    let session = await home.start();
    // Keys expire when they are come upon, not when a timer says so: what is there is in the log then.
    await session.control(request('DEBUG SET-ACTIVE-EXPIRE 0'));
    for (const [database, each] of cases.entries()) {
      const { watch } = new Witness(session.dirty);
      await session.run(each, 2, cases.length === 1 ? { watch } : { database, watch });
    }
    home.goBack();
    const before = await home.state(session);
    await session.close();

    session = await home.start();
    const loaded = await home.state(session);
    expect(show(loaded, 'value', 'ours'), 'after a restart').toEqual(show(before, 'value', 'ours'));
    await compareReference(loaded, 'on redis-server');

    if (rewrite === true) await rewritten(session);
    await session.close();
    if (rewrite !== true) return;
    session = await home.start();
    const again = await home.state(session);
    await session.close();
    const everything: readonly Part[] = ['value', 'ours', 'deliveries', 'ghosts'];
    expect(show(again, ...everything), 'after a rewrite').toEqual(show(loaded, ...everything));
    await compareReference(again, 'on redis-server, after a rewrite');
  } finally {
    home.remove();
  }
}

describe.skipIf(referenceMissing())('all data survive a restart, here and on redis-server', () => {
  const isLost = ({ steps }: Case): boolean => steps.some(({ line }) => lost.some(({ by }) => by.test(line)));
  const cases = [...Object.values(dataFamilies).flat(), ...expiryCases].filter(
    (each) => each.setting === undefined && each.only !== 3 && !isLost(each),
  );
  const hashes = [...hashExpiry, ...fieldTimes];
  const together = cases.filter((each) => !isAlone(each));

  it('of cases that keep to their database', { timeout: 120_000 }, () =>
    prove(together, { databases: together.length, reference: true, rewrite: true }),
  );

  describe('of cases that do not', () => {
    for (const each of cases.filter(isAlone)) it(each.name, () => prove([each], { databases: 16, reference: true }));
  });

  it('of hashes with fields that expire, which redis-server 7.0 does not know', () =>
    prove(hashes, { databases: hashes.length, rewrite: true }));

  // Afterwards, because it looks at what was run.
  afterAll(async () => {
    const home = new DurableServer(16);
    try {
      const session = await home.start();
      const [list] = await session.control(request('COMMAND'));
      await session.close();
      expect(writeCommands(list).filter((name) => !shown.has(name))).toEqual(changeNothing);
    } finally {
      home.remove();
    }
  });
});

/**
 * What waits needs a clock that goes; a limit has to be the same at the restart; the score -0 becomes 0 in a listpack, as in
 * Redis, so that a rewrite may take its sign.
 */
const notHere = /^(BL|BR|BZ|CONFIG SET )| -0( |$)/i;

/** Commands of a family, in a few of the sequences that a seed gives. */
function sampleOf(command: fc.Arbitrary<StepLike>): StepLike[][] {
  const sequences = fc.array(command, { minLength: 30, maxLength: 60, size: 'max' });
  const samples = fc.sample(sequences, { numRuns: SEQUENCES, seed: 1 });
  return samples.map((lines) => lines.filter((line) => !notHere.test(typeof line === 'string' ? line : line.line)));
}

const wordsOf = (line: StepLike): Buffer[] => splitArguments(typeof line === 'string' ? line : line.line);

/** Runs sequences, one in each database. Between a few commands and the next, keys get short lives, and time goes on. */
async function runSequences(home: DurableServer, session: Session, sequences: readonly StepLike[][]): Promise<void> {
  for (let from = 0; sequences.some((lines) => lines.length > from); from += TOGETHER) {
    for (const [database, lines] of sequences.entries()) {
      const some = lines.slice(from, from + TOGETHER);
      const [first, second] = some.flatMap((line) => wordsOf(line).slice(1, 2));
      if (first === undefined) continue;
      await session.run(t('some', ...some), 2, { database });
      const shortLives = [request(`SELECT ${database}`), [...request('PEXPIRE'), first, Buffer.from('7')]];
      if (second !== undefined) shortLives.push([...request('PEXPIRE'), second, Buffer.from('21')]);
      for (const [name, key, field] of some.map(wordsOf)) {
        if (field === undefined || !/^H(SET|INCR)/i.test(name!.toString())) continue;
        shortLives.push([...request('HPEXPIRE'), key!, ...request('13 FIELDS 1'), field]);
      }
      await session.control(...shortLives);
    }
    home.advance(5);
  }
}

describe('what random commands have done survives a restart at any time', () => {
  for (const [name, command] of Object.entries(writingFamilies)) {
    it(name, { timeout: 60_000 }, async () => {
      const sequences = sampleOf(command);
      const home = new DurableServer(sequences.length);
      try {
        let session = await home.start();
        await session.control(request('DEBUG SET-ACTIVE-EXPIRE 0'));
        home.advance(0);
        await runSequences(home, session, sequences);
        home.goBack();
        const before = await home.state(session);
        await session.close();
        expect(before.size).toBeGreaterThan(2);

        for (const shift of [-AGES_MS, AGES_MS]) {
          session = await home.start(shift);
          const loaded = await home.state(session);
          expect(show(loaded, 'value', 'ours'), `${shift} ms later`).toEqual(show(before, 'value', 'ours'));
          await session.close();
        }

        session = await home.start();
        const loaded = await home.state(session);
        await rewritten(session);
        await session.close();
        const everything: readonly Part[] = ['value', 'ours', 'deliveries', 'ghosts'];
        session = await home.start(AGES_MS);
        expect(show(await home.state(session), ...everything), 'rewritten').toEqual(show(loaded, ...everything));
        await session.close();
      } finally {
        home.remove();
      }
    });
  }
});

/** Names of commands and subcommands with the flag `write`. */
function writeCommands(list: Frame | undefined): string[] {
  return (list?.items ?? []).flatMap(({ items = [] }) => {
    const flags = (items[2]?.items ?? []).map((flag) => flag.header);
    const name = items[0]?.body ?? '';
    return [...(flags.includes('write') ? [name] : []), ...writeCommands(items[9])];
  });
}
