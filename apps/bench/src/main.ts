/**
 * This server beside `redis-server`, in one run. Sections are measured one after the other; each prints its table to
 * standard output when it is done, ready for `docs/benchmarks.md`. Progress goes to standard error.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BlockedRow, blockedTable, measureBlocked } from './blocked.js';
import { cleanUp, outputOf, removeFolder, temporaryFolder } from './child-processes.js';
import { type CollectionRow, collectionsTable, measureCollections } from './collections.js';
import { profileTable, readProfiles, selfTimes } from './cpu-profile.js';
import { checkGoals, goalsTable, type Results } from './goals.js';
import {
  DEFAULT_OPTIONS,
  formatHitRatioRow,
  HIT_RATIO_HEADER,
  type HitRatioRow,
  measureHitRatios,
} from './hit-ratio.js';
import { idleTable, measureIdle } from './idle.js';
import { loadTimeTable, measureLoadTime } from './load-time.js';
import { affordableKeys, describeMachine, machineLine, MissingProgramError } from './machine.js';
import { count } from './markdown.js';
import { measureMemory, memoryTable } from './memory.js';
import { type BenchOptions, parseOptions, type Section, USAGE, UsageError } from './options.js';
import { measurePubSub } from './pubsub.js';
import { rateTable } from './rates.js';
import { withServers } from './servers.js';
import { measureStalls, stallTable } from './stall.js';
import {
  measureNoise,
  measureThroughput,
  measureTls,
  measureUser,
  type ThroughputRow,
  throughputTable,
} from './throughput.js';
import { measureTransactions } from './transactions.js';
import { measureTypes } from './types.js';

const KEYSPACE = 1_000_000;
/** What a key of 4 KB takes in either server, generously. */
const LARGEST_KEY = 5000;
const CODEC_BENCHMARK = new URL('../../../packages/resp-codec/bench/decoders.mjs', import.meta.url);

/** Not paced, and with enough keys for the limit to stay above what connections take. */
const QUICK_HITS = { ...DEFAULT_OPTIONS, keys: 10_000, requests: 30_000, rate: 0 };

interface AllResults extends Results {
  noise?: readonly ThroughputRow[];
  hits?: readonly HitRatioRow[];
  collections?: readonly CollectionRow[];
  blocked?: readonly BlockedRow[];
}

/** What every section is handed. */
interface Run {
  readonly options: BenchOptions;
  readonly results: AllResults;
  readonly parentFolder: string | undefined;
  readonly profileFolder: string | undefined;
  readonly onProgress: (text: string) => void;
}

const SECTION: Readonly<Record<Section, (run: Run) => Promise<void>>> = {
  async throughput(run) {
    const { rounds, scale, only, noise } = run.options;
    const keyspace = affordableKeys(Math.round(KEYSPACE * scale), LARGEST_KEY);
    const settings = { ...run, rounds, scale, keyspace, only, noise };
    const rows = await measureThroughput(settings);
    run.results.throughput = rows;
    print(`## Throughput\n\n50 connections, ${count(keyspace)} random keys, ${mediansOf(rounds)}.`);
    print(throughputTable(rows, ['clone', 'redis-server']));
    if (!noise) return;
    run.results.noise = await measureNoise(settings);
    print('The noise floor: `redis-server` beside a second one.');
    print(throughputTable(run.results.noise, ['redis-server', 'another']));
  },

  async tls(run) {
    const { rounds, scale, only } = run.options;
    const keyspace = affordableKeys(Math.round(KEYSPACE * scale), LARGEST_KEY);
    const rows = await measureTls({ ...run, rounds, scale, keyspace, only, noise: false });
    run.results.tls = rows;
    print(`## TLS\n\n50 connections, ${count(keyspace)} random keys, ${mediansOf(rounds)}.`);
    print(throughputTable(rows, ['clone', 'redis-server']));
  },

  async acl(run) {
    const { rounds, scale, only } = run.options;
    const keyspace = affordableKeys(Math.round(KEYSPACE * scale), LARGEST_KEY);
    const rows = await measureUser({ ...run, rounds, scale, keyspace, only, noise: false });
    run.results.acl = rows;
    print(`## ACL\n\n50 connections, ${count(keyspace)} random keys, ${mediansOf(rounds)}.`);
    print(throughputTable(rows, ['clone', 'redis-server']));
  },

  async types(run) {
    const rows = await measureTypes({ ...run, ...run.options });
    run.results.types = rows;
    print(`## Data types\n\n${capitalized(mediansOf(run.options.rounds))}.`);
    print(rateTable('type', 'requests/s', rows));
  },

  async memory(run) {
    const { rounds, scale, only } = run.options;
    run.results.memory = await measureMemory({ ...run, rounds, scale, only });
    print(`## Memory\n\nGrowth of VmRSS over the server that has just started, ${mediansOf(rounds)}.`);
    print(memoryTable(run.results.memory));
  },

  async stall(run) {
    run.results.stall = await measureStalls({ ...run, ...run.options });
    print(`## Stalls\n\nA PING every millisecond, ${mediansOf(run.options.rounds)}.`);
    print(stallTable(run.results.stall));
  },

  async collections(run) {
    const rows = await measureCollections({ ...run, ...run.options });
    run.results.collections = rows;
    print(`## Stalls around big collections\n\nA PING every millisecond, ${mediansOf(run.options.rounds)}.`);
    print(collectionsTable(rows));
  },

  async blocked(run) {
    const rows = await measureBlocked({ ...run, ...run.options });
    run.results.blocked = rows;
    print(`## Blocked clients\n\n${capitalized(mediansOf(run.options.rounds))}.`);
    print(blockedTable(rows));
  },

  async pubsub(run) {
    const rows = await measurePubSub({ ...run, ...run.options });
    run.results.pubsub = rows;
    print(`## Publish and subscribe\n\nMessages of 64 bytes to one channel, ${mediansOf(run.options.rounds)}.`);
    print(rateTable('PUBLISH', 'messages delivered/s', rows));
  },

  async idle(run) {
    const rows = await measureIdle({ ...run, ...run.options });
    run.results.idle = rows;
    print(`## Idle connections\n\n${capitalized(mediansOf(run.options.rounds))}.`);
    print(idleTable(rows));
  },

  async transactions(run) {
    const rows = await measureTransactions({ ...run, ...run.options });
    run.results.transactions = rows;
    print(`## Transactions\n\n50 connections, ${mediansOf(run.options.rounds)}.`);
    print(rateTable('transaction', 'transactions/s', rows));
  },

  async load(run) {
    run.results.load = await measureLoadTime({ ...run, ...run.options });
    print(`## Loading an append-only file\n\nThe same file for both, ${mediansOf(run.options.rounds)}.`);
    print(loadTimeTable(run.results.load));
  },

  async hits(run) {
    const settings = run.options.scale === 1 ? DEFAULT_OPTIONS : QUICK_HITS;
    const rows = await withServers(['clone', 'redis-server'], { ...run, persistence: 'none' }, ([subject, reference]) =>
      measureHitRatios(subject!.address, reference!.address, settings, ({ trace, policy }) =>
        run.onProgress(`${trace}, ${policy}`),
      ),
    );
    run.results.hits = rows;
    print(`## Hit ratios\n\nEach server with ${100 * settings.fraction} % of the memory that all keys would take.`);
    print([HIT_RATIO_HEADER, ...rows.map(formatHitRatioRow)].join('\n'));
  },

  async codec({ options: { scale } }) {
    const args = [fileURLToPath(CODEC_BENCHMARK), ...(scale === 1 ? [] : ['--rounds', '1'])];
    print('## Reply decoders');
    print((await outputOf(process.execPath, args)).trim());
  },
};

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const machine = await describeMachine();
  const results: AllResults = {};
  print(`# This server beside redis-server\n\n${machineLine(machine)}`);
  if (options.scale !== 1) print('**Quick: this shows that the bench runs. The figures mean nothing.**');
  if (options.profile) print('**Profiled: this server is slower than it is without.**');
  for (const section of options.sections) {
    const profileFolder = options.profile ? temporaryFolder(options.folder) : undefined;
    const onProgress = (text: string): void => {
      process.stderr.write(`[${section}] ${text}\n`);
    };
    try {
      await SECTION[section]({ options, results, parentFolder: options.folder, profileFolder, onProgress });
    } catch (error) {
      // The other sections are worth having all the same.
      fail(`${section} failed: ${describeError(error)}`);
    }
    if (profileFolder !== undefined) {
      const functions = selfTimes(readProfiles(profileFolder));
      if (functions.length > 0) print(`Profile of ${section}\n\n${profileTable(functions)}`);
      removeFolder(profileFolder);
    }
    // After every section, so that a run that is canceled leaves what it has.
    if (options.json !== undefined) writeFileSync(options.json, JSON.stringify({ machine, options, results }, null, 2));
  }
  if (options.scale !== 1 || options.profile) return;
  const goals = checkGoals(results);
  if (goals.some(({ measured }) => measured !== undefined)) print(`## Goals\n\n${goalsTable(goals)}`);
}

const mediansOf = (rounds: number): string => (rounds === 1 ? 'one round' : `medians of ${rounds} alternated rounds`);

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function print(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => process.exit(code));
}
process.once('exit', cleanUp);

try {
  await main();
} catch (error) {
  if (error instanceof UsageError) fail(`${error.message}\n\n${USAGE}`);
  else if (error instanceof MissingProgramError) fail(error.message);
  else fail(describeError(error));
}
