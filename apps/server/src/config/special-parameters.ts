// The parameters whose value has a grammar of its own. Error texts are those of Redis 7.2.

import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf } from './config-file.js';
import { formatMemorySize, parseMemorySize } from './memory-size.js';
import { define, INT_MAX, integer, InvalidValue, parseLong, type Parameter } from './parameter.js';
import { quoteArgument } from './split-arguments.js';

const spaced = (value: string): readonly string[] => [value === '' ? '""' : value];

/** `save <seconds> <changes> …`: snapshot points. Lines of the configuration file add up. */
export const save: Parameter = define(
  'save',
  '3600 1 300 100 60 10000',
  (args) => {
    if (args.length === 1 && args[0] === '') return '';
    const numbers = args.map((each, i) => {
      const isSeconds = i % 2 === 0;
      const number = parseLong(each);
      if (number === undefined || number < (isSeconds ? 1n : 0n)) throw new InvalidValue('Invalid save parameters');
      return isSeconds ? number : BigInt.asIntN(32, number);
    });
    if (numbers.length % 2 !== 0) throw new InvalidValue('Invalid save parameters');
    return numbers.join(' ');
  },
  (value) => {
    const pairs = value.match(/-?\d+ -?\d+/g);
    return pairs ?? ['""'];
  },
  {
    multiple: true,
    additive: true,
    promises: true,
    accepts: "pairs of seconds and changes, such as ['3600 1', '60 100'], or '' for none",
    idle: 'nothing is saved to RDB files, which are not there yet',
  },
);

const MAX_ADDRESSES = 16;

/** Addresses to listen on; a leading `-` makes one optional, `*` and `-::*` mean all. */
export const bind: Parameter = define(
  'bind',
  '* -::*',
  (args) => {
    if (args.length > MAX_ADDRESSES) throw new InvalidValue('Too many bind addresses specified.');
    return args.join(' ');
  },
  spaced,
  { multiple: true, unwritten: '* -::*', accepts: `up to ${MAX_ADDRESSES} addresses` },
);

export interface OutputBufferLimit {
  /** Bytes at which the client is closed at once; 0: never. */
  readonly hard: number;
  /** Bytes that may be exceeded for `softSeconds`. */
  readonly soft: number;
  readonly softSeconds: number;
}

export type ClientClass = 'normal' | 'replica' | 'pubsub';

export function parseOutputBufferLimits(value: string): Record<ClientClass, OutputBufferLimit> {
  const words = value.split(' ');
  const limit = (name: string): OutputBufferLimit => {
    const at = words.indexOf(name);
    return { hard: Number(words[at + 1]), soft: Number(words[at + 2]), softSeconds: Number(words[at + 3]) };
  };
  return { normal: limit('normal'), replica: limit('slave'), pubsub: limit('pubsub') };
}

/** `class hard soft seconds …`; classes that are not named keep what they had. */
export const clientOutputBufferLimit: Parameter = define(
  'client-output-buffer-limit',
  'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
  (args, current) => {
    if (args.length % 4 !== 0) throw new InvalidValue('Wrong number of arguments in buffer limit configuration.');
    const words = current.split(' ');
    for (let i = 0; i < args.length; i += 4) {
      const name = args[i]!.toLowerCase();
      const at = words.indexOf(name === 'replica' ? 'slave' : name);
      if (at < 0 || at % 4 !== 0) {
        throw new InvalidValue('Invalid client class specified in buffer limit configuration.');
      }
      const hard = parseMemorySize(args[i + 1]!);
      const soft = parseMemorySize(args[i + 2]!);
      const long = parseLong(args[i + 3]!);
      const seconds = long === undefined ? -1n : BigInt.asIntN(32, long);
      if (hard === undefined || soft === undefined || seconds < 0n) {
        throw new InvalidValue('Error in hard, soft or soft_seconds setting in buffer limit configuration.');
      }
      words.splice(at + 1, 3, hard.toString(), soft.toString(), seconds.toString());
    }
    return words.join(' ');
  },
  (value) => {
    const lines = value.match(/\S+ \d+ \d+ \d+/g) ?? [];
    return lines.map((line) => {
      const [name = '', hard = '0', soft = '0', seconds = '0'] = line.split(' ');
      const written = name === 'slave' ? 'replica' : name;
      return `${written} ${formatMemorySize(BigInt(hard))} ${formatMemorySize(BigInt(soft))} ${seconds}`;
    });
  },
  { multiple: true, linesApart: true, accepts: "four words for each class, such as 'pubsub 32mb 8mb 60'" },
);

const NEW_KEY = 16384;

// Letters in the order in which CONFIG GET shows them, with the bits of Redis's keyspace events.
const EVENT_LETTERS: readonly (readonly [string, number])[] = [
  ['g', 4],
  ['$', 8],
  ['l', 16],
  ['s', 32],
  ['h', 64],
  ['z', 128],
  ['x', 256],
  ['e', 512],
  ['t', 1024],
  ['d', 8192],
  ['n', NEW_KEY],
];
/** What `A` stands for: every class but `m` (key miss) and `n` (new key). */
const ALL_EVENTS = 4 | 8 | 16 | 32 | 64 | 128 | 256 | 512 | 1024 | 8192;
const CHANNEL_LETTERS: readonly (readonly [string, number])[] = [
  ['K', 1],
  ['E', 2],
  ['m', 2048],
];

/** The letters of `notify-keyspace-events` as the bit set of `EventClass`; 1 and 2 are the K and E channels. */
export function parseEventClasses(letters: string): number {
  let bits = 0;
  for (const letter of letters) {
    const found = [...EVENT_LETTERS, ...CHANNEL_LETTERS].find(([each]) => each === letter);
    if (letter !== 'A' && found === undefined) {
      throw new InvalidValue("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
    }
    bits |= found === undefined ? ALL_EVENTS : found[1];
  }
  return bits;
}

export const notifyKeyspaceEvents: Parameter = define(
  'notify-keyspace-events',
  '',
  (args) => {
    const bits = parseEventClasses(args[0] ?? '');
    const letters = (table: readonly (readonly [string, number])[]): string =>
      table.map(([letter, bit]) => ((bits & bit) === 0 ? '' : letter)).join('');
    const classes =
      (bits & ALL_EVENTS) === ALL_EVENTS ? `A${(bits & NEW_KEY) === 0 ? '' : 'n'}` : letters(EVENT_LETTERS);
    return classes + letters(CHANNEL_LETTERS);
  },
  (value) => [quoteArgument(value)],
  // Behind A, `n` counts, but is not shown: so does Redis 7.
  { shown: (value) => value.replace('An', 'A'), accepts: "a text of the letters Ag$lshzxeKEtmdn, or ''" },
);

export const oomScoreAdjValues: Parameter = define(
  'oom-score-adj-values',
  '0 200 800',
  (args) => {
    if (args.length !== 3) throw new InvalidValue('wrong number of arguments');
    const numbers = args.map((each) => parseLong(each) ?? INT_MAX);
    if (numbers.some((each) => each < -2000n || each > 2000n)) {
      throw new InvalidValue('Invalid oom-score-adj-values, elements must be between -2000 and 2000.');
    }
    return numbers.join(' ');
  },
  spaced,
  { multiple: true, accepts: 'three whole numbers from -2000 to 2000' },
);

/** C's infinities, which `Number` has no word for. */
const INFINITE = /^[+-]?inf(inity)?$/i;

export const latencyTrackingPercentiles: Parameter = define(
  'latency-tracking-info-percentiles',
  '50 99 99.9',
  (args) => {
    const numbers = args.map((each) => {
      if (INFINITE.test(each)) return Infinity;
      return each.trim() === '' ? Number.NaN : Number(each);
    });
    if (numbers.some(Number.isNaN)) throw new InvalidValue('Invalid latency-tracking-info-percentiles parameters');
    if (numbers.some((each) => each < 0 || each > 100)) {
      throw new InvalidValue('latency-tracking-info-percentiles parameters should sit between [0.0,100.0]');
    }
    return numbers.map(sixDecimals).join(' ');
  },
  spaced,
  { multiple: true, accepts: "numbers from 0 to 100, or '' for none" },
);

function sixDecimals(number: number): string {
  const text = number.toFixed(6).replace(/\.?0+$/, '');
  return Object.is(number, -0) ? `-${text}` : text;
}

/** What there is to say in the title of the process. */
export type TitleVariables = Readonly<
  Record<'title' | 'listen-addr' | 'server-mode' | 'port' | 'tls-port' | 'unixsocket' | 'config-file', string>
>;

/** The title that `proc-title-template` gives; undefined when the template is not well formed. `{{` is a brace. */
export function expandTitle(template: string, variables: TitleVariables): string | undefined {
  let title = '';
  for (let i = 0; i < template.length; i++) {
    const isBrace = template[i] === '{';
    if (!isBrace || template[i + 1] === '{') {
      title += template[i]!;
      if (isBrace) i++;
      continue;
    }
    const end = template.indexOf('}', i);
    const name = template.slice(i + 1, end);
    if (end < 0 || !Object.hasOwn(variables, name)) return undefined;
    title += variables[name as keyof TitleVariables];
    i = end;
  }
  return title.trim();
}

/** It must leave a title even where the program has no name of its own. */
export function checkTitleTemplate(template: string): string {
  const variables = {
    ...{ title: '', 'server-mode': '', 'listen-addr': 'x', port: '0', 'tls-port': '0' },
    ...{ unixsocket: 'x', 'config-file': 'x' },
  };
  const title = expandTitle(template, variables) ?? '';
  return title === '' ? 'template format is invalid or contains unknown variables' : '';
}

const anyHz = integer('hz', 10, 0n, INT_MAX);

/** Background rounds per second; what is out of 1…500 is brought into it without a word, as in Redis. */
export const hz: Parameter = {
  ...anyHz,
  normalize: (args, current) => String(Math.min(500, Math.max(1, Number(anyHz.normalize(args, current))))),
};

/** The working directory: checked, made absolute against the one before, never `chdir`ed to. */
export const dir: Parameter = define(
  'dir',
  '',
  (args, current) => {
    const given = args[0] ?? '';
    if (given === '') throw new InvalidValue('No such file or directory');
    const path = resolve(current, given);
    try {
      if (!statSync(path).isDirectory()) throw new InvalidValue('Not a directory');
      accessSync(path, constants.X_OK);
      return realpathSync(path);
    } catch (error) {
      throw new InvalidValue(reasonOf(error));
    }
  },
  (value) => [quoteArgument(value)],
  { protected: true, accepts: 'the path of a directory that exists' },
);

/** `host port`; the empty value means "not a replica". */
export const replicaof: Parameter = define(
  'replicaof',
  '',
  (args) => {
    if (args.length !== 2) throw new InvalidValue('wrong number of arguments');
    const [host = '', port = ''] = args;
    if (host.toLowerCase() === 'no' && port.toLowerCase() === 'one') return '';
    if (!/^\d+$/.test(port) || Number(port) > 65535) throw new InvalidValue('Invalid master port');
    return `${host} ${Number(port)}`;
  },
  spaced,
  { alias: 'slaveof', mutable: false, multiple: true, unwritten: '', unsupported: 'replication is not there yet' },
);

const SHUTDOWN_CHOICES = ['default', 'save', 'nosave', 'now', 'force'];

/** What SIGINT or SIGTERM does: any of the options of SHUTDOWN. */
export function shutdownOn(name: string): Parameter {
  return define(
    name,
    'default',
    (args) => {
      const words = args.map((arg) => arg.toLowerCase());
      if (words.length === 0 || !words.every((word) => SHUTDOWN_CHOICES.includes(word))) {
        throw new InvalidValue(`argument(s) must be one of the following: ${SHUTDOWN_CHOICES.join(', ')}`);
      }
      if (words.includes('save') && words.includes('nosave')) {
        throw new InvalidValue("shutdown options SAVE and NOSAVE can't be used simultaneously");
      }
      const named = SHUTDOWN_CHOICES.slice(1).filter((each) => words.includes(each));
      return named.length === 0 ? 'default' : named.join(' ');
    },
    spaced,
    { multiple: true, accepts: `one or several of ${SHUTDOWN_CHOICES.join(', ')}` },
  );
}
