// The configuration in force: canonical texts by parameter for CONFIG GET, and the same again as typed plain fields for
// the code that reads them per request. Both change together and atomically: CONFIG SET of several parameters takes
// effect as a whole or not at all, and whoever has to act on a change may refuse it.

import { resolve } from 'node:path';
import type { EncodingLimits, LazyFreeing } from '@clone/core-store';
import { ConfigError } from './config-error.js';
import { ConfigReader, type Directive } from './config-file.js';
import { hintFor } from './hint.js';
import { InvalidValue, type Parameter } from './parameter.js';
import { DEPRECATED, PARAMETERS, UNSUPPORTED_DIRECTIVES } from './parameters.js';
import { entriesOf, linesOfValue, wordsOfValue } from './record-values.js';
import { rewriteConfigFile, type RewriteEntry } from './rewrite.js';
import { splitArguments } from './split-arguments.js';
import {
  parseEventClasses,
  parseOutputBufferLimits,
  type ClientClass,
  type OutputBufferLimit,
} from './special-parameters.js';

/** Acts on a new value, already visible in the configuration. Answers a refusal in words, or ''. */
export type ChangeHook = (value: string) => string;

export type WhoMay = 'no' | 'yes' | 'local';

/** A user of redis.conf, or a command to be renamed: a line whose meaning is not the configuration's to know. */
const OTHER_DIRECTIVES = ['user', 'rename-command'] as const;
type OtherDirective = (typeof OTHER_DIRECTIVES)[number];

const byName = new Map<string, Parameter>(
  PARAMETERS.flatMap((parameter) => {
    const names = parameter.alias === undefined ? [parameter.name] : [parameter.name, parameter.alias];
    return names.map((name) => [name, parameter] as const);
  }),
);

/**
 * The configuration of a server: `server.config`. `get` has the text that CONFIG GET shows, the fields have the same as numbers and
 * booleans; sizes are in bytes.
 */
export class Config {
  // Typed copies, renewed after every change. Sizes in bytes, times in the unit of redis.conf.
  port = 0;
  tlsPort = 0;
  bind: readonly string[] = [];
  /** As it was written; a relative path counts from `dir`. */
  unixSocket = '';
  /** File mode; 0: leave it to the umask. */
  unixSocketPermission = 0;
  tcpBacklog = 0;
  tcpKeepAlive = 0;
  protectedMode = true;
  maxClients = 0;
  /** Seconds after which an idle client is closed; 0: never. */
  timeout = 0;
  requirePass = '';
  databases = 0;
  hz = 0;
  dynamicHz = true;
  protoMaxBulkLength = 0;
  clientQueryBufferLimit = 0;
  /** `maxmemory-clients`, bytes or a percentage of `maxmemory`; 0: no limit. */
  maxMemoryClients = '0';
  outputBufferLimits!: Readonly<Record<ClientClass, OutputBufferLimit>>;
  maxMemory = 0;
  maxMemoryPolicy = '';
  maxMemorySamples = 0;
  maxMemoryEvictionTenacity = 0;
  lfuLogFactor = 0;
  lfuDecayTime = 0;
  activeExpireEffort = 0;
  lazyFreeUserFlush = false;
  lazyFreeing: LazyFreeing = { userDel: false, serverDel: false, expire: false, eviction: false };
  latencyTracking = true;
  latencyTrackingPercentiles: readonly number[] = [];
  trackingTableMaxKeys = 0;
  /** Absolute path; '' for none. */
  aclFile = '';
  aclLogMaxLength = 0;
  aclPubSubDefault: 'allchannels' | 'resetchannels' = 'resetchannels';
  /** Replicas that a write wants; without replication there are none. */
  minReplicasToWrite = 0;
  /** Seconds; 0: `minReplicasToWrite` is not looked at. */
  minReplicasMaxLag = 0;
  encodingLimits!: Readonly<EncodingLimits>;
  /** Bytes at which a sparse HyperLogLog becomes dense. */
  hllSparseMaxBytes = 0;
  /** Bits of `EventClass`, with 1 and 2 for the K and E channels. */
  notifyKeyspaceEvents = 0;
  /** Microseconds; negative: nothing is logged. */
  slowlogLogSlowerThan = 0;
  slowlogMaxLen = 0;
  /** Prometheus endpoint; 0: none. */
  metricsPort = 0;
  metricsBind = '';
  /** Milliseconds; 0: off. */
  latencyMonitorThreshold = 0;
  appendOnly = false;
  appendFsync: 'always' | 'everysec' | 'no' = 'everysec';
  appendFilename = '';
  appendDirname = '';
  aofLoadSkipRejected = false;
  aofLoadTruncated = true;
  noAppendFsyncOnRewrite = false;
  autoAofRewritePercentage = 0;
  autoAofRewriteMinSize = 0;
  /** Absolute path of the directory that persistent files go to. */
  dir = '';
  logLevel: 'debug' | 'verbose' | 'notice' | 'warning' | 'nothing' = 'notice';
  /** Absolute path, '' for standard output. */
  logFile = '';
  /** Absolute path. */
  pidFile = '';
  enableDebugCommand: WhoMay = 'no';
  enableModuleCommand: WhoMay = 'no';
  enableProtectedConfigs: WhoMay = 'no';

  /** Absolute path of the configuration file; '' without one. */
  readonly file: string;

  readonly #values = new Map<Parameter, string>();
  /** Those that a file or the command line had. */
  readonly #loaded = new Set<Parameter>();
  readonly #hooks = new Map<Parameter, ChangeHook[]>();
  readonly #others = new Map<OtherDirective, Directive[]>();
  readonly #lines = new Map<OtherDirective, () => readonly string[] | undefined>();

  /** @param options.directory absolute path that `dir` starts with and that a relative `dir` counts from */
  constructor(options: { directory: string; file?: string | undefined }) {
    this.file = options.file ?? '';
    for (const parameter of PARAMETERS) this.#values.set(parameter, parameter.default);
    this.#values.set(parameterOf('dir'), options.directory);
    this.#refresh();
  }

  /**
   * Takes the directives of a configuration file and of a command line, in order: the last one counts.
   * @throws ConfigError naming the place of the first directive that cannot be taken
   */
  load(directives: readonly Directive[]): void {
    const loaded = new Set<Parameter>();
    for (const directive of directives) {
      const refusal = this.#loadOne(directive, loaded);
      if (refusal !== '') throw refused(directive, refusal);
    }
    this.#refresh();
  }

  /**
   * The same from values by name, for a server inside another program; the items of a list are its words, those of
   * `user` and `rename-command` are lines: `{ user: ['alice on >secret ~* +@all'] }`.
   * @param record a `ConfigRecord`, but for what a program without types may hand over
   * @throws ConfigError naming the parameter, its value, what it accepts, and the closest name of an unknown one
   */
  loadRecord(record: unknown): void {
    const reader = new ConfigReader(this.dir);
    const directives = entriesOf(record, 'config').flatMap(([typed, value]) => {
      const name = typed.toLowerCase();
      const place = 'config';
      if (isOther(name)) {
        return linesOfValue(typed, value).flatMap((line) => reader.text(`${name} ${line}`, () => place));
      }
      const parameter = byName.get(name);
      // The name alone says what is wrong with it.
      if (parameter === undefined) return { name, args: [], place, text: typed };
      const args = wordsOfValue(typed, value, parameter);
      return { name, args, place, text: `${typed} ${args.join(' ')}` };
    });
    this.load(directives);
  }

  /** Whether a parameter or directive has this name, in any case. */
  static knows(name: string): boolean {
    const lower = name.toLowerCase();
    return byName.has(lower) || isOther(lower);
  }

  /** The names of all parameters, aliases and those that CONFIG GET does not list included. */
  static parameters(): Iterable<string> {
    return byName.keys();
  }

  /** The lines of redis.conf with this directive, in their order. */
  directives(name: OtherDirective): readonly Directive[] {
    return this.#others.get(name) ?? [];
  }

  /**
   * Lets CONFIG REWRITE write the lines of a directive anew; without it they stay as they are.
   * @param lines what stands behind the name, a text for each line; undefined: they stay as they are
   */
  rewriteDirective(name: OtherDirective, lines: () => readonly string[] | undefined): void {
    this.#lines.set(name, lines);
  }

  /** Every name that CONFIG GET lists, aliases included. */
  *names(): IterableIterator<string> {
    for (const [name, { hidden }] of byName) if (!hidden) yield name;
  }

  /**
   * A line about each parameter that changes nothing here, and has another value than its default,
   * or one that was asked for and promises something: for the log.
   */
  ignored(): readonly string[] {
    return PARAMETERS.flatMap((parameter) => {
      const { name, idle } = parameter;
      const value = this.#value(parameter);
      // Nothing is what nothing does.
      const isAsked = value !== parameter.default || (parameter.promises && this.#loaded.has(parameter));
      const isChanged = isAsked && value !== '';
      return idle !== undefined && isChanged ? [`${name} ${value} has no effect: ${idle}`] : [];
    });
  }

  /** What CONFIG GET shows of a parameter, by its lower-case name or alias; undefined when there is none. */
  get(name: string): string | undefined {
    const parameter = byName.get(name);
    if (parameter === undefined) return undefined;
    const value = this.#value(parameter);
    return parameter.shown === undefined ? value : parameter.shown(value);
  }

  /** Notes what is the case: what the server listens on when it was told so by other means. No hook runs. */
  adopt(name: string, value: string): void {
    this.#values.set(parameterOf(name), value);
    this.#refresh();
  }

  /** Registers an action on changes by CONFIG SET. Hooks of one parameter run in the order of their registration. */
  onChange(name: string, hook: ChangeHook): void {
    const parameter = parameterOf(name);
    this.#hooks.set(parameter, [...(this.#hooks.get(parameter) ?? []), hook]);
  }

  /**
   * CONFIG SET: all of `pairs` or none.
   * @param pairs names as they were typed, with one text each
   * @param mayChangeProtected whether this client passes `enable-protected-configs`
   * @returns '' or the error reply, code included (texts of Redis 7)
   */
  set(pairs: readonly (readonly [name: string, value: string])[], mayChangeProtected: boolean): string {
    const seen = new Set<string>();
    for (const [typed, value] of pairs) {
      const name = typed.toLowerCase();
      const parameter = byName.get(name);
      if (parameter === undefined) {
        return `ERR Unknown option or number of arguments for CONFIG SET - '${upToZero(typed)}'`;
      }
      // Tools that set each parameter to the value that it has know which of Redis's are fixed, and do not know ours.
      const isFixed = !parameter.mutable && !(parameter.ours && value === this.#value(parameter));
      if (isFixed) return failure(typed, "can't set immutable config");
      if (parameter.protected && !mayChangeProtected) return failure(typed, "can't set protected config");
      if (seen.has(name)) return failure(typed, 'duplicate parameter');
      seen.add(name);
    }
    const before = new Map(this.#values);
    for (const [typed, value] of pairs) {
      const name = typed.toLowerCase();
      const parameter = parameterOf(name);
      const refusal = this.#assign(parameter, wordsOf(parameter, [value]));
      if (refusal !== '') {
        this.#restore(before);
        return failure(name, refusal);
      }
    }
    this.#refresh();
    return this.#apply(pairs, before);
  }

  /**
   * CONFIG REWRITE: the file gets the values in force, keeps its comments and its order.
   * @returns '' or the error reply
   */
  rewrite(): string {
    if (this.file === '') return 'ERR The server is running without a config file';
    const entries: RewriteEntry[] = PARAMETERS.map((parameter) => entryOf(parameter, this.#value(parameter)));
    for (const name of OTHER_DIRECTIVES) {
      const lines = this.#lines.get(name)?.();
      if (lines !== undefined) entries.push({ names: [name], lines, always: () => true });
    }
    return rewriteConfigFile(this.file, entries, (name) => byName.has(name) || isOther(name) || name === 'include');
  }

  #value(parameter: Parameter): string {
    return this.#values.get(parameter)!;
  }

  #loadOne(directive: Directive, loaded: Set<Parameter>): string {
    const { name, args } = directive;
    const parameter = byName.get(name);
    if (parameter === undefined) return this.#loadOther(directive);
    if (!parameter.multiple && args.length !== 1) return 'wrong number of arguments';
    const earlier = parameter.additive && loaded.has(parameter) ? this.#value(parameter) : '';
    loaded.add(parameter);
    this.#loaded.add(parameter);
    const [only] = args;
    // One word may hold several, quotes and all.
    const words = parameter.multiple && args.length === 1 ? (splitArguments(only ?? '') ?? []) : args;
    const refusal = this.#assign(parameter, words);
    const value = this.#value(parameter);
    // `save ""` forgets the lines before it.
    if (refusal === '' && earlier !== '' && value !== '') this.#values.set(parameter, `${earlier} ${value}`);
    return refusal;
  }

  #loadOther(directive: Directive): string {
    const { name, args } = directive;
    if (DEPRECATED.has(name)) return '';
    const isComplete = name === 'user' ? args.length >= 1 : args.length === 2;
    if (!isOther(name)) {
      const hint = hintFor(name, byName.keys());
      return UNSUPPORTED_DIRECTIVES[name] ?? (hint === '' ? UNKNOWN : `${UNKNOWN} (${hint})`);
    }
    if (!isComplete) return UNKNOWN;
    this.#others.set(name, [...this.directives(name), directive]);
    return '';
  }

  #assign(parameter: Parameter, args: readonly string[]): string {
    try {
      const words = parameter.binary ? args : args.map(upToZero);
      const value = parameter.normalize(words, this.#value(parameter));
      if (parameter.unsupported !== undefined && value !== parameter.default) return parameter.unsupported;
      this.#values.set(parameter, value);
      return '';
    } catch (error) {
      if (error instanceof InvalidValue) return error.message;
      throw error;
    }
  }

  #restore(before: ReadonlyMap<Parameter, string>): void {
    for (const [parameter, value] of before) this.#values.set(parameter, value);
    this.#refresh();
  }

  /** Runs the hooks of what really changed. A refusal takes back everything, and runs the hooks again with the old values. */
  #apply(pairs: readonly (readonly [string, string])[], before: ReadonlyMap<Parameter, string>): string {
    const applied: Parameter[] = [];
    for (const [typed] of pairs) {
      const name = typed.toLowerCase();
      const parameter = parameterOf(name);
      if (this.#value(parameter) === before.get(parameter) && !parameter.reread) continue;
      applied.push(parameter);
      const refusal = this.#runHooks(parameter);
      if (refusal === '') continue;
      this.#restore(before);
      for (const each of applied) this.#runHooks(each);
      return failure(name, refusal);
    }
    return '';
  }

  #runHooks(parameter: Parameter): string {
    for (const hook of this.#hooks.get(parameter) ?? []) {
      const refusal = hook(this.#value(parameter));
      if (refusal !== '') return refusal;
    }
    return '';
  }

  #refresh(): void {
    const text = (name: string): string => this.#value(parameterOf(name));
    const number = (name: string): number => Number(text(name));
    const yes = (name: string): boolean => text(name) === 'yes';
    const words = (name: string): readonly string[] => (text(name) === '' ? [] : text(name).split(' '));
    const path = (name: string): string => (text(name) === '' ? '' : resolve(text('dir'), text(name)));

    this.port = number('port');
    this.tlsPort = number('tls-port');
    this.bind = words('bind');
    this.unixSocket = text('unixsocket');
    this.unixSocketPermission = Number.parseInt(text('unixsocketperm'), 8);
    this.tcpBacklog = number('tcp-backlog');
    this.tcpKeepAlive = number('tcp-keepalive');
    this.protectedMode = yes('protected-mode');
    this.maxClients = number('maxclients');
    this.timeout = number('timeout');
    this.requirePass = text('requirepass');
    this.databases = number('databases');
    this.hz = number('hz');
    this.dynamicHz = yes('dynamic-hz');
    this.protoMaxBulkLength = number('proto-max-bulk-len');
    this.maxMemoryClients = text('maxmemory-clients');
    this.clientQueryBufferLimit = number('client-query-buffer-limit');
    this.latencyTracking = yes('latency-tracking');
    this.latencyTrackingPercentiles = words('latency-tracking-info-percentiles').map(Number);
    this.trackingTableMaxKeys = number('tracking-table-max-keys');
    this.aclFile = path('aclfile');
    this.aclLogMaxLength = number('acllog-max-len');
    this.aclPubSubDefault = text('acl-pubsub-default') as Config['aclPubSubDefault'];
    this.minReplicasToWrite = number('min-replicas-to-write');
    this.minReplicasMaxLag = number('min-replicas-max-lag');
    this.outputBufferLimits = parseOutputBufferLimits(text('client-output-buffer-limit'));
    this.maxMemory = number('maxmemory');
    this.maxMemoryPolicy = text('maxmemory-policy');
    this.maxMemorySamples = number('maxmemory-samples');
    this.maxMemoryEvictionTenacity = number('maxmemory-eviction-tenacity');
    this.lfuLogFactor = number('lfu-log-factor');
    this.lfuDecayTime = number('lfu-decay-time');
    this.activeExpireEffort = number('active-expire-effort');
    this.lazyFreeUserFlush = yes('lazyfree-lazy-user-flush');
    this.lazyFreeing = {
      userDel: yes('lazyfree-lazy-user-del'),
      serverDel: yes('lazyfree-lazy-server-del'),
      expire: yes('lazyfree-lazy-expire'),
      eviction: yes('lazyfree-lazy-eviction'),
    };
    this.encodingLimits = {
      hashMaxListpackEntries: number('hash-max-listpack-entries'),
      hashMaxListpackValue: number('hash-max-listpack-value'),
      listMaxListpackSize: number('list-max-listpack-size'),
      setMaxIntsetEntries: number('set-max-intset-entries'),
      setMaxListpackEntries: number('set-max-listpack-entries'),
      setMaxListpackValue: number('set-max-listpack-value'),
      zsetMaxListpackEntries: number('zset-max-listpack-entries'),
      zsetMaxListpackValue: number('zset-max-listpack-value'),
      streamNodeMaxBytes: number('stream-node-max-bytes'),
      streamNodeMaxEntries: number('stream-node-max-entries'),
    };
    this.hllSparseMaxBytes = number('hll-sparse-max-bytes');
    this.notifyKeyspaceEvents = parseEventClasses(text('notify-keyspace-events'));
    this.slowlogLogSlowerThan = number('slowlog-log-slower-than');
    this.slowlogMaxLen = number('slowlog-max-len');
    this.metricsPort = number('metrics-port');
    this.metricsBind = text('metrics-bind');
    this.latencyMonitorThreshold = number('latency-monitor-threshold');
    this.appendOnly = yes('appendonly');
    this.appendFsync = text('appendfsync') as Config['appendFsync'];
    this.appendFilename = text('appendfilename');
    this.appendDirname = text('appenddirname');
    this.aofLoadSkipRejected = yes('aof-load-skip-rejected');
    this.aofLoadTruncated = yes('aof-load-truncated');
    this.noAppendFsyncOnRewrite = yes('no-appendfsync-on-rewrite');
    this.autoAofRewritePercentage = number('auto-aof-rewrite-percentage');
    this.autoAofRewriteMinSize = number('auto-aof-rewrite-min-size');
    this.dir = text('dir');
    this.logLevel = text('loglevel') as Config['logLevel'];
    this.logFile = path('logfile');
    this.pidFile = path('pidfile');
    this.enableDebugCommand = text('enable-debug-command') as WhoMay;
    this.enableModuleCommand = text('enable-module-command') as WhoMay;
    this.enableProtectedConfigs = text('enable-protected-configs') as WhoMay;
  }
}

const UNKNOWN = 'Bad directive or wrong number of arguments';

const isOther = (name: string): name is OtherDirective => OTHER_DIRECTIVES.some((each) => each === name);

/** The error of a directive that cannot be taken: where it stands, what it says, and why. */
export function refused({ place, text }: Directive, reason: string): ConfigError {
  return new ConfigError(`${place}: '${text}': ${reason}`);
}

function entryOf(parameter: Parameter, value: string): RewriteEntry {
  const { name, alias, unwritten, linesApart, toFile } = parameter;
  const defaults = linesApart ? toFile(parameter.default) : [];
  const isDefault = value === parameter.default;
  return {
    names: alias === undefined ? [name] : [name, alias],
    lines: value === unwritten ? [] : toFile(value),
    always: (line) => !isDefault && !defaults.includes(line),
  };
}

/** A zero byte ends a value where C's strings are behind it. */
function upToZero(text: string): string {
  const zero = text.indexOf('\0');
  return zero < 0 ? text : text.slice(0, zero);
}

function parameterOf(name: string): Parameter {
  const parameter = byName.get(name);
  if (parameter === undefined) throw new RangeError(`no parameter is called '${name}'`);
  return parameter;
}

/** The one argument of a list parameter is split at every single space: two in a row make an empty word. */
function wordsOf(parameter: Parameter, args: readonly string[]): readonly string[] {
  if (!parameter.multiple || args.length !== 1) return args;
  return args[0] === '' ? [] : args[0]!.split(' ');
}

/** The reply of a CONFIG SET that is refused. */
export function failure(name: string, reason: string): string {
  return `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;
}
