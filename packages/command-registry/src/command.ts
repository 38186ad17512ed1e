/**
 * What a command is: facts that never change (one `CommandFacts` per command and subcommand, shared by all registries
 * of a process) and the state that one server keeps of it (`Command`: its handler and its counters).
 *
 * Sets of flags are integers, so that the checks before a handler are one `&` each.
 */
import type { CommandContext } from './context.js';
import type { CommandTable } from './command-table.js';
import type { LatencyHistogram } from './latency-histogram.js';

/** Executes one request: reads the arguments, looks up, acts, and writes one reply (or none) to `ctx.reply`. */
export type Handler = (ctx: CommandContext) => void;

/** Flags of a command, in the order in which COMMAND INFO lists them. The last three are never listed (Redis 7.2). */
export const CommandFlag = {
  write: 1,
  readonly: 2,
  denyoom: 4,
  admin: 8,
  pubsub: 16,
  noscript: 32,
  blocking: 64,
  loading: 128,
  stale: 256,
  skip_monitor: 512,
  skip_slowlog: 1024,
  asking: 2048,
  fast: 4096,
  no_auth: 8192,
  no_mandatory_keys: 16384,
  no_async_loading: 32768,
  no_multi: 65536,
  movablekeys: 131072,
  allow_busy: 262144,
  may_replicate: 524288,
  protected: 1048576,
  touches_arbitrary_keys: 2097152,
} as const;

/** ACL categories, in the order in which COMMAND INFO lists them. */
export const AclCategory = {
  keyspace: 1,
  read: 2,
  write: 4,
  set: 8,
  sortedset: 16,
  list: 32,
  hash: 64,
  string: 128,
  bitmap: 256,
  hyperloglog: 512,
  geo: 1024,
  stream: 2048,
  pubsub: 4096,
  admin: 8192,
  fast: 16384,
  slow: 32768,
  blocking: 65536,
  dangerous: 131072,
  connection: 262144,
  transaction: 524288,
  scripting: 1048576,
} as const;

/** What a command does with a key: one of RO RW OW RM, then what is touched, then hints. Listed in this order. */
export const KeyFlag = {
  RO: 1,
  RW: 2,
  OW: 4,
  RM: 8,
  access: 16,
  update: 32,
  insert: 64,
  delete: 128,
  not_key: 256,
  incomplete: 512,
  variable_flags: 1024,
} as const;

/** Where the keys of a key spec begin. */
export type BeginSearch =
  | { readonly type: 'index'; readonly index: number }
  /** After a keyword; a negative `startFrom` counts from the end and searches backwards. */
  | { readonly type: 'keyword'; readonly keyword: string; readonly startFrom: number }
  | { readonly type: 'unknown' };

/** Which arguments from there on are keys. */
export type FindKeys =
  /** `lastKey` is relative to the first, negative ones to the end; `limit` 2 means: only the first half. */
  | { readonly type: 'range'; readonly lastKey: number; readonly step: number; readonly limit: number }
  /** The argument at `keyNumIndex` says how many; `firstKey` and `keyNumIndex` are relative. */
  | { readonly type: 'keynum'; readonly keyNumIndex: number; readonly firstKey: number; readonly step: number }
  | { readonly type: 'unknown' };

/** How to find keys in a request, and what happens to them. */
export interface KeySpec {
  /** Bits of `KeyFlag`. */
  readonly flags: number;
  readonly begin: BeginSearch;
  readonly find: FindKeys;
}

/** Everything known about a command that is the same in every server. */
export interface CommandFacts {
  /** Lower case; a subcommand is `container|sub`. */
  readonly name: string;
  /** Number of arguments with the name, negative: at least so many. */
  readonly arity: number;
  readonly group: string;
  /** Redis version that had it first. */
  readonly since: string;
  /** Bits of `CommandFlag`. */
  readonly flags: number;
  /** Bits of `AclCategory`. */
  readonly aclCategories: number;
  /** The keys as one range of argument positions, for old clients; 0, 0, 0 when there is none. */
  readonly firstKey: number;
  readonly lastKey: number;
  readonly step: number;
  readonly keySpecs: readonly KeySpec[];
  readonly tips: readonly string[];
  readonly docFlags: readonly string[];
  /** Empty when it is not deprecated. */
  readonly deprecatedSince: string;
  readonly replacedBy: string;
}

/** What a session executes at once between MULTI and EXEC; everything else is queued. */
const IMMEDIATE = new Set(['multi', 'exec', 'discard', 'watch', 'quit', 'reset']);

/** Not flagged `fast`, and yet quick unless they have many arguments or long ones. */
const QUICK = new Set(['set', 'setex', 'psetex', 'mset', 'msetnx', 'getrange', 'setrange', 'del', 'object|encoding']);
/** Flagged `fast`, but their optional count makes them slow. */
const COUNTED = new Set(['spop', 'lpop', 'rpop', 'zpopmin', 'zpopmax']);
/** So many arguments make any command worth timing. */
const MANY_ARGUMENTS = 64;

/** From how many arguments on a command may take long: then each execution is timed, not only a sample. */
function timedFrom(facts: CommandFacts): number {
  if (COUNTED.has(facts.name)) return 3;
  // Its executions are added up until it is over.
  if ((facts.flags & CommandFlag.blocking) !== 0) return 0;
  return (facts.flags & CommandFlag.fast) !== 0 || QUICK.has(facts.name) ? MANY_ARGUMENTS : 0;
}

/** Their key specs do not say all: what happens to the key, or which are keys, depends on options. See `findKeys`. */
export const KEYS_BY_OPTIONS = ['set', 'bitfield', 'sort', 'sort_ro', 'migrate'] as const;

/** Index of the argument that is the only key of a command whatever the others are; 0 when there is none such. */
function onlyKey({ name, keySpecs }: CommandFacts): number {
  const [spec] = keySpecs;
  if (spec?.begin.type !== 'index' || spec.find.type !== 'range' || spec.find.lastKey !== 0) return 0;
  if (keySpecs.length > 1 || (spec.flags & KeyFlag.not_key) !== 0) return 0;
  return KEYS_BY_OPTIONS.some((each) => each === name) ? 0 : spec.begin.index;
}

/** What a RESP2 session that listens to channels may still do: its messages could not be told from replies to anything else. */
const FOR_SUBSCRIBERS = new Set([
  ...['subscribe', 'psubscribe', 'ssubscribe', 'unsubscribe', 'punsubscribe', 'sunsubscribe'],
  ...['ping', 'quit', 'reset'],
]);

/** A command as one server has it. */
export class Command {
  readonly facts: CommandFacts;
  /** A small number that no other command of the registry has, the same in every registry for commands of the table; for bitmaps of commands. */
  readonly index: number;
  /** Lower case; a subcommand is `container|sub`. This is the name that errors and statistics show. */
  readonly name: string;
  readonly arity: number;
  /** Bits of `CommandFlag`. */
  readonly flags: number;
  /** From so many arguments on, the name included, each execution is timed. */
  readonly timedFrom: number;
  /** It is never queued by MULTI. */
  readonly isImmediate: boolean;
  /** Also for RESP2 sessions that listen to channels. */
  readonly isForSubscribers: boolean;
  /** Some of its arguments are keys. */
  readonly hasKeys: boolean;
  /** Index of its only key, where that does not depend on the other arguments; 0: see `findKeys`. */
  readonly onlyKey: number;
  /** Clients call it by another name, or not at all. */
  isRenamed = false;
  /** The container of a subcommand. */
  readonly parent: Command | undefined;
  /** Undefined for a container that is nothing without a subcommand. */
  handler: Handler | undefined = undefined;
  subcommands: CommandTable | undefined = undefined;

  /** Executions, failed ones included. */
  calls = 0;
  /** Time spent in the handler, microseconds (sampled, see `Dispatcher`). */
  usec = 0;
  /** Refused before the handler ran. */
  rejected = 0;
  /** Executions that answered an error. */
  failed = 0;
  /** Durations of executions, sampled as `usec` is; undefined while there are none. */
  latency: LatencyHistogram | undefined = undefined;

  /** @param index see the field */
  constructor(facts: CommandFacts, index: number, parent?: Command) {
    this.facts = facts;
    this.index = index;
    this.name = facts.name;
    this.arity = facts.arity;
    this.flags = facts.flags;
    this.timedFrom = timedFrom(facts);
    this.isImmediate = IMMEDIATE.has(facts.name);
    this.isForSubscribers = FOR_SUBSCRIBERS.has(facts.name);
    this.hasKeys = facts.keySpecs.some((spec) => (spec.flags & KeyFlag.not_key) === 0);
    this.onlyKey = onlyKey(facts);
    this.parent = parent;
  }

  /** Whether a request with so many arguments, the name included, may be executed. */
  acceptsArgc(argc: number): boolean {
    return this.arity > 0 ? argc === this.arity : argc >= -this.arity;
  }
}
