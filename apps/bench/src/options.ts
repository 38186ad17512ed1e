/** The command line of the bench. */
import { parseArgs } from 'node:util';

export const SECTIONS = [
  'throughput',
  'tls',
  'acl',
  'types',
  'memory',
  'stall',
  'collections',
  'blocked',
  'idle',
  'pubsub',
  'transactions',
  'load',
  'hits',
  'codec',
] as const;
export type Section = (typeof SECTIONS)[number];

export interface BenchOptions {
  readonly sections: readonly Section[];
  readonly rounds: number;
  /** 1, or how much shorter and smaller everything is. */
  readonly scale: number;
  readonly noise: boolean;
  readonly profile: boolean;
  /** Lines whose name holds this; empty: all. */
  readonly only: string;
  readonly json: string | undefined;
  readonly folder: string | undefined;
  readonly help: boolean;
}

/** What a section is told. */
export interface SectionOptions {
  readonly rounds: number;
  /** Shortens every round: 1 is a second or two. */
  readonly scale: number;
  /** Only lines whose name holds this. */
  readonly only: string;
  readonly parentFolder: string | undefined;
  readonly profileFolder: string | undefined;
  readonly onProgress: (text: string) => void;
}

export class UsageError extends Error {
  override name = 'UsageError';
}

export const USAGE = `npx pnpm@10 bench [section …] [options]

Sections (all of them if none is given, or "all"):
  throughput   requests/s, CPU time per request and latency, under redis-benchmark
  tls          the same of GET and SET over TLS
  acl          the same of SET, GET and HSET as a user with rules
  types        requests/s of lists, sets, sorted sets, streams, bitmaps, HyperLogLogs
  memory       resident memory per key, per element and per small collection
  stall        the longest wait of a PING while 10M keys are loaded
  collections  the same while a big collection of each type is built, unlinked, or expires
  blocked      ten thousand clients in BLPOP: what they cost, and waking them
  idle         ten thousand connections that do nothing: what they cost
  pubsub       messages delivered per second, to one subscriber and to a thousand
  transactions MULTI, ten SETs and EXEC
  load         time to load an append-only file
  hits         hit ratio of each eviction policy
  codec        the reply decoder beside those of other clients

Options:
  --rounds N     rounds of every measurement, alternated between the servers; figures are medians (5)
  --quick        two rounds of a fiftieth of the work: shows that it runs, measures nothing
  --noise        in throughput: also redis-server beside a second redis-server
  --only TEXT    in throughput, tls, acl, types, memory, collections, pubsub, transactions: only lines whose name holds the text
  --profile      runs our server with --cpu-prof and prints its functions by self time; slows it down
  --json FILE    writes all figures to a file as well
  --dir FOLDER   where the servers' folders are made (the system's folder for temporary files)
  --help         prints this
`;

const DEFAULT_ROUNDS = 5;
const QUICK_ROUNDS = 2;
const QUICK_SCALE = 0.02;

/** @throws UsageError */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parse(args);
  const sections = positionals.flatMap((name): readonly Section[] => {
    if (name === 'all') return SECTIONS;
    const section = SECTIONS.find((candidate) => candidate === name);
    if (section === undefined) throw new UsageError(`no section "${name}"; there are: ${SECTIONS.join(', ')}, all`);
    return [section];
  });
  const rounds = values.rounds === undefined ? (values.quick ? QUICK_ROUNDS : DEFAULT_ROUNDS) : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError('--rounds wants a number from 1 on');
  return {
    // In the order of the list, once each.
    sections: SECTIONS.filter((section) => sections.length === 0 || sections.includes(section)),
    rounds,
    scale: values.quick ? QUICK_SCALE : 1,
    noise: values.noise,
    profile: values.profile,
    only: values.only,
    json: values.json,
    folder: values.dir,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        noise: { type: 'boolean', default: false },
        only: { type: 'string', default: '' },
        profile: { type: 'boolean', default: false },
        json: { type: 'string' },
        dir: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
