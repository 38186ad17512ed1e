/**
 * What is measured of the data types: one command per line, what the server holds meanwhile, and the ratio to reach.
 * The simple ones are those of `redis-benchmark -t`, with its keys and its values of three bytes.
 */
import { type EntryTemplate, NUMBER } from './bulk-loader.js';

/** Stands for a random number of twelve digits below the keyspace of the run. */
export const RANDOM = '__rand_int__';

interface Filling {
  readonly entry: EntryTemplate;
  readonly count: number;
  /** Number of the first entry; 0 when absent. */
  readonly first?: number;
}

export interface TypeLine {
  readonly name: string;
  /** {@link RANDOM} is a number below `keyspace`. */
  readonly command: readonly string[];
  readonly keyspace: number;
  /** Requests per round: about a second or two. */
  readonly requests: number;
  readonly clients: number;
  readonly pipeline: number;
  /** Loaded into an empty server before the first round. */
  readonly filling: readonly Filling[];
  /** Loaded anew before every round: the command uses it up. */
  readonly usesUp: boolean;
  /** Requests per second, as a ratio to `redis-server`, at least. */
  readonly goal: number;
}

const VALUE = 'xxx';
const MILLION = 1_000_000;
const BIG = 100_000;

const simple = (name: string, command: readonly string[], goal: number, more: Partial<TypeLine> = {}): TypeLine => ({
  name: `${name}, pipeline 16`,
  command,
  keyspace: MILLION,
  requests: 800_000,
  clients: 50,
  pipeline: 16,
  filling: [],
  usesUp: false,
  goal,
  ...more,
});

/** One client that waits for each reply, of which each takes the server milliseconds. */
const heavy = (name: string, command: readonly string[], requests: number, filling: readonly Filling[]): TypeLine => ({
  name,
  command,
  keyspace: BIG,
  requests,
  clients: 1,
  pipeline: 1,
  filling,
  usesUp: false,
  goal: 0.7,
});

const list = { entry: ['RPUSH', 'mylist', ...Array<string>(100).fill(VALUE)], count: 10_000 };
const set = { entry: ['SADD', 'myset', `element:${NUMBER}`], count: MILLION };
const sortedSet = { entry: ['ZADD', 'myzset', NUMBER, `element:${NUMBER}`], count: MILLION };
const hash = { entry: ['HSET', 'myhash', `element:${NUMBER}`, VALUE], count: MILLION };
const someList = { entry: ['RPUSH', 'mylist', ...Array<string>(10).fill(VALUE)], count: 1000 };

const range = (last: number): TypeLine =>
  simple(`LRANGE_${last + 1}`, ['LRANGE', 'mylist', '0', String(last)], 0.9, {
    requests: Math.round(8_000_000 / (last + 1) / 800) * 800,
    filling: [someList],
  });

export const TYPE_LINES: readonly TypeLine[] = [
  simple('LPUSH', ['LPUSH', 'mylist', VALUE], 1),
  simple('RPUSH', ['RPUSH', 'mylist', VALUE], 1),
  simple('LPOP', ['LPOP', 'mylist'], 1, { filling: [list], usesUp: true }),
  simple('RPOP', ['RPOP', 'mylist'], 1, { filling: [list], usesUp: true }),
  simple('SADD', ['SADD', 'myset', `element:${RANDOM}`], 1, { filling: [set] }),
  simple('SPOP', ['SPOP', 'myset'], 1, { filling: [set], usesUp: true }),
  simple('HSET', ['HSET', 'myhash', `element:${RANDOM}`, VALUE], 1, { filling: [hash] }),
  simple('ZADD', ['ZADD', 'myzset', RANDOM, `element:${RANDOM}`], 1, { filling: [sortedSet], requests: 400_000 }),
  simple('ZPOPMIN', ['ZPOPMIN', 'myzset'], 1, { filling: [sortedSet], usesUp: true }),
  simple('XADD', ['XADD', 'mystream', '*', 'myfield', VALUE], 1),
  range(99),
  range(299),
  range(599),
  simple('ZRANGEBYSCORE of 10, 1M members', ['ZRANGEBYSCORE', 'myzset', RANDOM, '+inf', 'LIMIT', '0', '10'], 1, {
    filling: [sortedSet],
    requests: 400_000,
  }),
  simple('ZRANK, 1M members', ['ZRANK', 'myzset', `element:${RANDOM}`], 1, { filling: [sortedSet], requests: 400_000 }),
  simple('SISMEMBER, 1M members', ['SISMEMBER', 'myset', `element:${RANDOM}`], 1, { filling: [set] }),
  simple('HGET, 1M fields', ['HGET', 'myhash', `element:${RANDOM}`], 1, { filling: [hash] }),
  heavy('SINTER of two sets of 100k', ['SINTER', 's1', 's2'], 30, [
    { entry: ['SADD', 's1', `element:${NUMBER}`], count: BIG },
    { entry: ['SADD', 's2', `element:${NUMBER}`], count: BIG, first: BIG / 2 },
  ]),
  heavy('ZUNIONSTORE of two sorted sets of 100k', ['ZUNIONSTORE', 'z3', '2', 'z1', 'z2'], 10, [
    { entry: ['ZADD', 'z1', NUMBER, `element:${NUMBER}`], count: BIG },
    { entry: ['ZADD', 'z2', NUMBER, `element:${NUMBER}`], count: BIG, first: BIG / 2 },
  ]),
  heavy('SORT of 100k BY nosort GET', ['SORT', 'ids', 'BY', 'nosort', 'GET', 'w_*'], 20, [
    { entry: ['RPUSH', 'ids', NUMBER], count: BIG },
    { entry: ['SET', `w_${NUMBER}`, VALUE], count: BIG },
  ]),
  heavy('BITCOUNT of 10 MB', ['BITCOUNT', 'bits'], 300, [
    { entry: ['SETRANGE', 'bits', String(10 * 1024 * 1024 - 9), 'some bits'], count: 1 },
  ]),
  heavy('PFCOUNT of two keys', ['PFCOUNT', 'p1', 'p2'], 20_000, [
    { entry: ['PFADD', 'p1', NUMBER], count: BIG },
    { entry: ['PFADD', 'p2', NUMBER], count: BIG, first: BIG },
  ]),
];
