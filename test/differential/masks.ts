// Masks hide what may differ between two correct servers, and nothing else. Each has a name that a case shows, and the
// kit prints the list with their reasons when it starts. A mask is a function from a reply to a reply.
import { pairsOf, shape, sortedPairs, textOf, withoutPairs } from './frame-parts.js';
import { commandEntry, docs } from './mask-commands.js';
import { withItems, withText, type Frame } from './raw-frame.js';
import { comparableInfo, trackingCounts, commandStatistics, fieldsNewIn72, hitsAndMisses } from './mask-info.js';
import type { DifferenceId, Version } from './known-differences.js';

export interface Mask {
  readonly why: string;
  /** Set where the mask covers a known difference, not only volatile values. */
  readonly difference?: DifferenceId;
  /** @param version that of the reference: what differs from one need not differ from the other */
  readonly apply: (frame: Frame, version: Version) => Frame;
}

/** Rewrites every text of a reply, however deep. */
function mapText(frame: Frame, rewrite: (text: string) => string): Frame {
  if (frame.items) return { ...frame, items: frame.items.map((item) => mapText(item, rewrite)) };
  if (frame.body !== undefined) return mapBody(frame, rewrite);
  return '+-:,'.includes(frame.type) ? { ...frame, header: rewrite(frame.header) } : frame;
}

// In MEMORY STATS of 8.0, and not in that of 7.2.
const figuresOf80 = new Set([
  ...['overhead.db.hashtable.lut', 'overhead.db.hashtable.rehashing', 'db.dict.rehashing.count'],
  ...['script.VMs', 'allocator.muzzy', 'replica.fullsync.buffer'],
]);

/** A hash's fields and their numbers, with values that are figures hidden: the names stay. */
function namedFigures(frame: Frame): Frame {
  if (!frame.items) return frame;
  const items = pairsOf(withoutPairs(frame, figuresOf80)).flatMap(([key, value]) => [
    key,
    value.items ? namedFigures(value) : shape(value),
  ]);
  return withItems(frame, items);
}

// `key=value` pairs of CLIENT INFO and LIST whose values depend on the process, the memory layout or the time.
const volatileClientFields =
  /\b(id|addr|laddr|fd|age|idle|qbuf|qbuf-free|argv-mem|multi-mem|rbs|rbp|omem|obl|oll|tot-mem|events)=\S*/g;

// Parameters whose value says where and how the server was started.
const placesInConfig = new Set(['dir', 'port', 'unixsocket', 'bind', 'logfile', 'pidfile', 'loglevel', 'databases']);
// Parameters of one version only (config-7.2.json against CONFIG GET * of 7.0.15), and our own.
const parametersOfOneVersion = new Set([
  ...['aof-disable-auto-gc', 'cluster-announce-human-nodename', 'locale-collate'],
  ...['set-max-listpack-entries', 'set-max-listpack-value', 'metrics-bind', 'metrics-port', 'aof-load-skip-rejected'],
  // Of 8.0, and one that it has no more.
  ...['aof-rewrite-cpulist', 'bgsave-cpulist', 'bio-cpulist', 'server-cpulist', 'cluster-compatibility-sample-ratio'],
  ...['hide-user-data-from-log', 'max-new-connections-per-cycle', 'max-new-tls-connections-per-cycle'],
  ...['replica-full-sync-buffer-limit', 'io-threads-do-reads'],
]);

const timesOf72 = new Set(['inactive', 'active-time']);
const consumerTimes = new Set(['idle', 'seen-time']);

/** Consumers and pending entries of a stream as 7.0 shows them, times hidden, however deep. */
function consumersOf70(frame: Frame): Frame {
  if (!frame.items) return /^\d{13}$/.test(frame.header) ? { ...frame, header: '#' } : frame;
  const items = frame.items.map(consumersOf70);
  if (!items.some((item) => consumerTimes.has(textOf(item)))) return withItems(frame, items);
  const pairs = pairsOf({ ...frame, items }).filter(([name]) => !timesOf72.has(textOf(name)));
  const hidden = pairs.flatMap(([name, value]) => [name, consumerTimes.has(textOf(name)) ? shape(value) : value]);
  return withItems(frame, hidden);
}

/** Without consumers that have nothing pending, and their number. */
function busyConsumers(frame: Frame): Frame {
  if (!frame.items) return frame;
  const isIdle = (item: Frame): boolean => {
    const pairs = item.items?.some((name) => consumerTimes.has(textOf(name))) ? pairsOf(item) : [];
    return pairs.some(([name, value]) => ['pending', 'pel-count'].includes(textOf(name)) && value.header === '0');
  };
  const items = frame.items.filter((item) => !isIdle(item)).map(busyConsumers);
  const isNumber = (i: number): boolean => items[i]?.type === ':' && items[i - 1]?.body === 'consumers';
  const shown = items.map((item, i) => (isNumber(i) ? shape(item) : item));
  return withItems(frame, shown);
}

function withoutPayloadFlag(frame: Frame): Frame {
  if (frame.items) {
    const items = frame.items.filter((item) => textOf(item) !== 'sanitize-payload').map(withoutPayloadFlag);
    return withItems(frame, items);
  }
  return frame.body === undefined ? frame : mapBody(frame, (text) => text.replace(' sanitize-payload', ''));
}

/** HELLO's reply, also within that of EXEC, without version, client id and modules: 8.0 comes with one. */
function withoutIdentity(frame: Frame): Frame {
  if (!frame.items) return frame;
  const items = frame.items.map((item, i, all) => {
    const name = all[i - 1];
    const isIdentity = name?.body !== undefined && ['version', 'id'].includes(name.body);
    if (name?.body === 'modules') return withItems(item, []);
    return isIdentity ? withText(item, '#') : withoutIdentity(item);
  });
  return { ...frame, items };
}

export const masks = {
  'slow-log': {
    why: 'ids, times, durations and addresses of SLOWLOG GET',
    apply: (frame) =>
      withItems(
        frame,
        (frame.items ?? []).map((entry) =>
          withItems(
            entry,
            (entry.items ?? []).map((item, i) => (i < 3 || i === 4 ? shape(item) : item)),
          ),
        ),
      ),
  },
  histogram: {
    why: 'durations in LATENCY HISTOGRAM; the commands and how often they were called are compared',
    apply: (frame) =>
      withItems(
        frame,
        (frame.items ?? []).map((entry) =>
          withItems(
            entry,
            (entry.items ?? []).map((item, i) => (i === 3 ? { type: item.type, header: '?' } : item)),
          ),
        ),
      ),
  },
  integers: {
    why: 'ids and counters of the process',
    apply: (frame) => mapText(frame, (x) => (/^-?\d+$/.test(x) ? '#' : x)),
  },
  digits: { why: 'numbers inside a text', apply: (frame) => mapText(frame, (x) => x.replace(/\d+/g, '#')) },
  shape: { why: 'random or timed values: only types and counts are compared', apply: shape },
  noperm: {
    why: 'words of a refusal; what is refused is compared',
    difference: 'acl-texts',
    apply: (frame) =>
      mapText(frame, (x) =>
        x
          .replace(/(NOPERM )?(this user|This user|User \S+) has no permissions to (run|access) the/, '$1? $3')
          .replace(/(this user has no|No) permissions to access (one of the|a) (key|channel).*/, '? $3'),
      ),
  },
  'acl-payload': {
    why: 'the flag sanitize-payload',
    difference: 'acl-payload-flag',
    apply: withoutPayloadFlag,
  },
  'acl-rules': {
    why: 'the flag sanitize-payload; the order of command rules',
    difference: 'acl-rules',
    apply: (frame) =>
      mapText(withoutPayloadFlag(frame), (x) =>
        x.replace(/(?<=[-+]@all )[-+][-+@|\w ]+/g, (rules) => rules.split(' ').sort().join(' ')),
      ),
  },
  'acl-log': {
    why: 'ages and clients of ACL LOG; the fields that 7.2 added',
    difference: 'acl-log-fields',
    apply: (frame) =>
      frame.items
        ? withItems(
            frame,
            frame.items.map((entry) =>
              withoutPairs(
                entry,
                new Set(['age-seconds', 'client-info', 'entry-id', 'timestamp-created', 'timestamp-last-updated']),
              ),
            ),
          )
        : frame,
  },
  help: {
    why: 'help texts: an array of simple strings',
    difference: 'help-texts',
    apply: (frame) =>
      frame.items && frame.items.length > 2 && frame.items.every((item) => item.type === '+')
        ? { type: frame.type, header: '?' }
        : frame,
  },
  'own-text': {
    why: 'art and advice',
    difference: 'doctor-texts',
    apply: (frame) => ({ type: frame.type, header: '?' }),
  },
  'memory-figures': { why: 'another memory layout', difference: 'memory-figures', apply: namedFigures },
  'memory-figure': {
    why: 'another memory layout: a size must be a positive integer',
    difference: 'memory-figures',
    apply: (frame) => (/^[1-9]\d*$/.test(frame.header) && frame.type === ':' ? { ...frame, header: '#' } : frame),
  },
  'debug-object': {
    why: 'addresses, sizes and clocks of DEBUG OBJECT',
    difference: 'memory-figures',
    apply: (frame) =>
      mapText(frame, (x) => x.replace(/(at:)\S+|(serializedlength:|lru:|lru_seconds_idle:)\d+/g, '$1$2#')),
  },
  'client-line': {
    why: 'ids, addresses, ages and buffer sizes of clients; the fields that 7.2 added',
    difference: 'client-setinfo',
    apply: (frame) =>
      mapText(frame, (x) =>
        x
          .replace(volatileClientFields, '$1=#')
          .replace(/ watch=\d+| io-thread=\d+/g, '')
          .replace(/ lib-name=\S* lib-ver=\S*/g, ''),
      ),
  },
  'client-line-end': {
    why: 'only the fields that 7.2 added are looked at',
    difference: 'client-setinfo',
    apply: (frame) => mapText(frame, (x) => (/ lib-name=[^]*/.exec(x)?.[0] ?? '').replace(/ io-thread=\d+/, '')),
  },
  'client-flags': {
    why: 'only the flags are looked at',
    difference: 'reset-no-evict',
    apply: (frame) => mapText(frame, (x) => `${/flags=\w+/.exec(x)?.[0] ?? ''}\n`),
  },
  redirection: {
    why: 'the client id in redir=',
    apply: (frame) => mapText(frame, (x) => x.replace(/redir=\d+/g, 'redir=#')),
  },
  'info-tracking': {
    why: 'only the counts of tracking are looked at',
    apply: (frame) => mapBody(frame, trackingCounts),
  },
  'monitor-line': {
    why: 'time and address in a line of MONITOR',
    apply: (frame) => mapText(frame, (x) => x.replace(/^\d{10}\.\d{6} \[(\d+) [^\]]+\]/, '# [$1 #]')),
  },
  hello: {
    why: 'version and id of the connection, modules',
    difference: 'version',
    apply: withoutIdentity,
  },
  'consumers-of-7.0': {
    why: 'times; what 7.2 added to the consumers of a stream',
    difference: 'consumer-times',
    apply: consumersOf70,
  },
  'new-consumers': {
    why: 'consumers that have nothing pending',
    difference: 'new-consumers',
    apply: (frame) => consumersOf70(busyConsumers(frame)),
  },
  'command-info': {
    why: 'facts that 7.2 changed; sets without order',
    difference: 'command-facts',
    apply: (frame) => (frame.items ? { ...frame, items: frame.items.map((entry) => commandEntry(entry)) } : frame),
  },
  'command-docs': {
    why: 'texts of summaries, complexities and histories',
    difference: 'command-docs-text',
    apply: docs,
  },
  'command-set': {
    why: 'which commands there are',
    difference: 'command-set',
    apply: (frame) => ({ type: frame.type, header: '?' }),
  },
  config: {
    why: 'parameters of one version only; where the server was started',
    difference: 'config-parameters',
    apply: (frame) => {
      const common = withoutPairs(frame, parametersOfOneVersion);
      const items = pairsOf(common).flatMap(([key, value]) => [
        key,
        placesInConfig.has(textOf(key)) ? withText(value, '#') : value,
      ]);
      return sortedPairs(withItems(common, items));
    },
  },
  info: {
    why: 'values of INFO, and fields that only one of 7.0 and 7.2 has',
    difference: 'info-fields',
    apply: (frame) => mapBody(frame, comparableInfo),
  },
  'info-hits': {
    why: 'only hits, misses and removals are looked at',
    apply: (frame) => mapBody(frame, hitsAndMisses),
  },
  'info-commandstats': {
    why: 'microseconds; commands come in no order',
    apply: (frame) => mapBody(frame, commandStatistics),
  },
  'info-new-fields': {
    why: 'only the names of the fields that 7.2 added are looked at',
    difference: 'info-fields',
    apply: (frame) => mapBody(frame, fieldsNewIn72),
  },
} as const satisfies Record<string, Mask>;

export type MaskName = keyof typeof masks;

export const maskOf = (name: MaskName): Mask => masks[name];

/** The text of one bulk or verbatim string; the three letters of a verbatim string's format stay. */
function mapBody(frame: Frame, rewrite: (text: string) => string): Frame {
  if (frame.body === undefined) return frame;
  if (frame.type !== '=') return withText(frame, rewrite(frame.body));
  return withText(frame, frame.body.slice(0, 4) + rewrite(frame.body.slice(4)));
}
