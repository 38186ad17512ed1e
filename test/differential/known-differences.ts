// Every difference from the reference that is not a mistake, with its reason. Cases and masks refer to the entries by
// name; a test fails for an entry that nothing uses, and for one that docs/compatibility.md does not list.

export interface KnownDifference {
  /** What differs, as a user of the server would look it up. */
  readonly what: string;
  readonly why: string;
  /** Where we are as one reference is: the other one. Undefined: both say otherwise. */
  readonly only?: Version;
  /** The data are others from there on: what follows, effects and events cannot be compared. */
  readonly data?: true;
}

/** The references: one on either side of the contract, Redis 7.2.4. */
export type Version = '7.0' | '8.0';

const newIn72 = 'New in Redis 7.2.';

export const knownDifferences = {
  'client-setinfo': {
    only: '7.0',
    what: '`CLIENT SETINFO` exists; `CLIENT INFO` and `CLIENT LIST` end with `lib-name=` and `lib-ver=`',
    why: newIn72,
  },
  'client-no-touch': { only: '7.0', what: '`CLIENT NO-TOUCH` exists', why: newIn72 },
  'reset-no-evict': {
    only: '7.0',
    what: '`RESET` turns `CLIENT NO-EVICT` off',
    why: 'Redis 7.2 does so; 7.0 forgets it.',
  },
  'hello-setname': {
    only: '7.0',
    what: '`HELLO … SETNAME name` with a later option that is wrong leaves the name as it was',
    why: 'Redis 7.2 sets the name when all options are read and the client is authenticated; 7.0 does so while reading.',
  },
  'command-getkeys-arity': {
    only: '7.0',
    what: '`COMMAND GETKEYS` and `COMMAND GETKEYSANDFLAGS` take a command without arguments',
    why: 'Redis 7.2 lowered their least number of arguments by one.',
  },
  'command-facts': {
    what: '`COMMAND`, `COMMAND INFO`: tips, key-spec notes and subcommands of some commands',
    why: 'The table holds the facts of Redis 7.2, not those of 7.0.',
  },
  'command-set': {
    what: '`COMMAND`, `COMMAND LIST`, `COMMAND COUNT`: which commands there are',
    why: 'A command is listed when it is implemented.',
  },
  'command-docs-text': {
    what: '`COMMAND DOCS`: the texts of summary, complexity and history; what 7.2 says otherwise of history, arguments and deprecation',
    why: 'The table holds facts of Redis 7.2 (names, arguments, groups, versions); the texts are in our own words.',
  },
  'bit-ranges': {
    only: '7.0',
    what: '`BITCOUNT` and `BITPOS` with arguments that are wrong: an error whatever the key is',
    why: 'Redis 7.2 looks at the arguments first; 7.0 answers for a missing key, and for a key of another type, before that.',
  },
  'set-listpack': {
    only: '7.0',
    what: '`OBJECT ENCODING` of a set of a few short members: `listpack`, and its members come in the order in which they came in',
    why: 'New in Redis 7.2 (`set-max-listpack-entries`, `set-max-listpack-value`); on 7.0 such a set is a hash table.',
  },
  'set-size-hint': {
    only: '7.0',
    what: '`OBJECT ENCODING` of a set that one `SADD` gave more members than its encoding may have: `hashtable`, even if they were the same member again and again',
    why: 'Redis 7.2 chooses the encoding by the number of arguments before it adds them.',
  },
  'consumer-times': {
    only: '7.0',
    what: '`XINFO CONSUMERS` has `inactive`, `XINFO STREAM … FULL` has `active-time` of each consumer',
    why: 'New in Redis 7.2, which tells an attempt to read or claim from one that gave the consumer something.',
  },
  'new-consumers': {
    only: '7.0',
    what: '`XREADGROUP`, `XCLAIM` and `XAUTOCLAIM` make the consumer they name even when there is nothing for it',
    why: 'Redis 7.2 does so; 7.0 makes it with the first entry that it gets.',
  },
  'unblocked-readers': {
    only: '7.0',
    what: 'The error that a client blocked in `XREADGROUP` gets when its key or group is gone, or its key has another type',
    why: 'Redis 7.2 executes the command once more, so the error is that of the command: `NOGROUP` or `WRONGTYPE`.',
  },
  'keymiss-events': {
    only: '7.0',
    what: 'Events `keymiss` of streams that are missing when a blocked `XREAD` or `XREADGROUP` is served, of `BITCOUNT` and `BITPOS` with wrong arguments, and of expired keys that `SCAN … TYPE` meets',
    why: 'Redis 7.2 executes the blocked command once more, which looks all keys up; it looks at the arguments first; and a scan fires none.',
  },
  'pushes-behind-replies': {
    only: '7.0',
    what: 'Messages that a client gets by its own command (over RESP3, or by one in `EXEC`) stand behind the reply to it',
    why: 'Redis 7.2 holds them back until then; 7.0 sends them before the reply, and in `EXEC` within it.',
  },
  'noloop-removals': {
    what: '`CLIENT TRACKING … NOLOOP`: a client is told of keys that are evicted, or forgotten by a full tracking table, because of its own command',
    why: 'Redis keeps that from it, so that its copies stay although they are out of date, or nobody will say when they are.',
  },
  'prefix-overlap': {
    what: '`CLIENT TRACKING ON BCAST` with prefixes that overlap is an error and nothing else, whichever they are',
    why: 'When the first of them is not the first of all, Redis answers the error, switches tracking on and answers `OK` as well.',
  },
  'zrank-withscore': { only: '7.0', what: '`ZRANK` and `ZREVRANK`: the option `WITHSCORE`', why: newIn72 },
  'list-listpack': { only: '7.0', what: '`OBJECT ENCODING` of a small list is `listpack`', why: newIn72 },
  'lpos-least-rank': {
    only: '7.0',
    what: '`LPOS … RANK -9223372036854775808` is an error',
    why: 'Redis 7.2 refuses it; in 7.0 the negated rank overflows.',
  },
  'unbalanced-streams': {
    what: '`XREAD` and `XREADGROUP` with keys and ids that do not go in pairs: the error names the command, and the id it could have had',
    why: 'Redis 7.2 says so; 7.0 names `XREAD` and `$` in both, and 8.0 adds `+` for `XREAD`.',
  },
  'xsetid-below-deleted': {
    only: '7.0',
    data: true,
    what: '`XSETID` with an id below the greatest deleted one is an error',
    why: 'Redis 7.2 refuses it; 7.0 takes it.',
  },
  'xadd-sequence-used-up': {
    only: '7.0',
    what: '`XADD` with `ms-*` when the sequences of this millisecond are used up: the error says that the ID is equal or smaller',
    why: 'Redis 7.2 says so; 7.0 says that elements are too large.',
  },
  'lex-several-scores': {
    what: 'Ranges of members (`ZRANGEBYLEX` and its kind) of a big sorted set whose scores differ',
    why: 'Nothing is promised there, and in Redis it depends on chance: on the levels of its skiplist. Of 3000 random ranges two servers of Redis 7.0.15 with the same data, inserted in the same order, answered 26 % differently, and ours answered 69 % differently from one of them. A small set has the same members as in Redis. What such a range removed or stored is logged by rank, so that it is the same after a restart.',
  },
  'overwritten-keys': {
    data: true,
    what: 'A command that waits for a key is served when `SORT … STORE`, `ZUNIONSTORE`, `ZRANGESTORE`, `GEOSEARCHSTORE` and their kind put what it waits for in the place of another value',
    why: 'Redis wakes clients for keys that are new, and for `RENAME` and `COPY`: after those commands they wait on, even for later pushes to that key.',
  },
  'block-overflow': {
    only: '7.0',
    what: '`BLOCK` of `XREAD` and `XREADGROUP` with a time that ends beyond 2^63 ms is an error',
    why: 'Redis 7.2 refuses it; in 7.0 the sum overflows.',
  },
  'timeout-too-far': {
    only: '7.0',
    what: 'A time to wait that ends beyond 2^63 ms since the epoch is `ERR timeout is out of range`',
    why: 'Redis 7.2 says so; in 7.0 the sum overflows.',
  },
  'sort-converts': {
    what: '`OBJECT ENCODING` of a small sorted set after `SORT`: still `listpack`',
    why: 'Redis makes it a skiplist in order to sort it. Our `SORT` reads either, and a reading command changes nothing.',
  },
  'hash-field-expiry': {
    only: '7.0',
    what: 'Fields with a time to live: `HEXPIRE`, `HPEXPIRE`, `HEXPIREAT`, `HPEXPIREAT`, `HTTL`, `HPTTL`, `HEXPIRETIME`, `HPEXPIRETIME`, `HPERSIST`, `HGETEX`, `HSETEX`, `HGETDEL`',
    why: 'New in Redis 7.4 and 8.0.',
  },
  'woken-without-memory': {
    only: '7.0',
    data: true,
    what: '`BLMOVE` and `BRPOPLPUSH` that are woken when memory is full get `-OOM`, and nothing moves',
    why: 'Redis 7.2 executes the command once more, with all its checks; 7.0 serves the client.',
  },
  'hscan-novalues': { only: '7.0', what: '`HSCAN … NOVALUES`', why: 'New in Redis 7.4.' },
  'config-parameters': {
    what: '`CONFIG GET *`: parameters that only one of Redis 7.0 and 7.2 has; `metrics-port`, `metrics-bind`',
    why: 'The list of parameters is that of Redis 7.2, plus two of our own.',
  },
  'config-loglevel': { only: '7.0', what: '`CONFIG SET loglevel`: the value `nothing`', why: newIn72 },
  'info-fields': {
    what: '`INFO`: fields that only one of Redis 7.0 and 7.2 has; `clone_version`, `node_version`; `client_query_buffer_limit_disconnections`, `client_output_buffer_limit_disconnections`',
    why: 'The list of fields is that of Redis 7.2, plus our own version and two counts of 7.4.',
  },
  'debug-stringmatch': {
    what: '`DEBUG STRINGMATCH-LEN pattern string`',
    why: 'Not in 7.0; test tools of later versions use it.',
  },
  'debug-options': {
    only: '7.0',
    what: '`DEBUG DICT-RESIZING`, `DEBUG OBJECT key fast`, and `full` of `DEBUG HTSTATS` and `HTSTATS-KEY`',
    why: newIn72,
  },
  'debug-reload': {
    what: '`DEBUG RELOAD` goes by the append-only file, and needs it; `MERGE` and `NOFLUSH` are errors',
    why: 'There are no RDB files yet.',
  },
  waitaof: { only: '7.0', what: '`WAITAOF` exists', why: newIn72 },
  'cluster-myshardid': { only: '7.0', what: '`CLUSTER MYSHARDID` exists', why: newIn72 },
  'no-replication': {
    what: '`REPLICAOF host port`, `SYNC`, `PSYNC` and `REPLCONF` are errors',
    why: 'There is no replication yet: an error tells a replica more than silence.',
  },
  'no-snapshots': { what: '`SAVE` and `BGSAVE` are errors', why: 'There are no RDB files yet.' },
  'help-texts': { what: 'The texts of `HELP` subcommands', why: 'They are in our own words.' },
  'doctor-texts': {
    what: 'The texts of `MEMORY DOCTOR`, `MEMORY MALLOC-STATS` and `LOLWUT`',
    why: 'They are in our own words.',
  },
  'acl-texts': {
    only: '7.0',
    what: '`NOPERM` errors and what `ACL DRYRUN` answers name the user, and say which kind of thing is refused',
    why: 'Redis 7.2 says so; 7.0 has other texts.',
  },
  'acl-payload-flag': {
    only: '7.0',
    what: '`ACL LIST` and `ACL GETUSER` show `sanitize-payload` of every user that has not `skip-sanitize-payload`',
    why: 'Redis 7.2 sets the flag for new users; 7.0 only after `reset`.',
  },
  'acl-rules': {
    only: '7.0',
    what: 'Command rules of a user are printed as they were given, in their order, each once',
    why: 'Redis 7.2 keeps the rules; 7.0 works out the shortest list that has the same effect today.',
  },
  'acl-log-fields': {
    only: '7.0',
    what: '`ACL LOG`: `entry-id`, `timestamp-created`, `timestamp-last-updated`',
    why: newIn72,
  },
  'acl-first-argument': {
    what: '`ACL SETUSER`: a first argument with white space in it (`+select|a b`) is a syntax error',
    why: 'Redis takes it, and prints a rule that cannot be read back: its own ACL file would keep it from starting.',
  },
  'memory-figures': {
    what: 'Figures of `MEMORY USAGE`, `MEMORY STATS`, `DEBUG OBJECT`',
    why: 'Another memory layout: the figures are those of our own store.',
  },
  version: {
    what: 'Version numbers in `HELLO`, `INFO` and `LOLWUT`',
    why: 'The server reports the version it is compatible with, 7.2.4.',
  },
  digits: {
    only: '7.0',
    what: 'Scores: how many digits are printed (`0.1`), also in `DEBUG DIGEST`; when the form with an exponent begins, and how it looks (`1e-9`)',
    why: 'Redis 7.2 prints few digits that are read back as the same number; 7.0 prints 17.',
  },
  'coordinates-8.0': {
    only: '8.0',
    what: 'Coordinates: how many digits are printed',
    why: '8.0 prints few digits that are read back as the same number, as for scores.',
  },
  cursors: {
    only: '7.0',
    what: '`SCAN` and its kin with a cursor that is negative or empty: `invalid cursor`; white space before it is passed over',
    why: 'Redis 7.2 reads it so; 7.0 takes what C reads as a number.',
  },
  'novalues-8.0': {
    only: '8.0',
    what: '`ZSCAN … NOVALUES` and `SSCAN … NOVALUES` are syntax errors',
    why: '8.0 has another text, since its `HSCAN` has the option.',
  },
  'hash-size-hint': {
    only: '7.0',
    what: '`OBJECT ENCODING` of a small hash that one command gave more fields than a listpack may have: `hashtable`, even if they were the same field again and again',
    why: 'Redis 7.2 chooses the encoding by the number of arguments.',
  },
  'score-size-hint-8.0': {
    only: '8.0',
    what: 'A small sorted set that one `ZADD` gave more pairs than a listpack may have: a score of `-0` becomes `0`, and the same member again and again leaves a `listpack`',
    why: '8.0, and Valkey too, choose the encoding by the number of arguments. We do not yet.',
  },
  'delivery-counts': {
    data: true,
    what: '`XPENDING`: the number of deliveries stays at 2^63-1',
    why: 'In Redis it overflows into a negative number.',
  },
  'list-limits-8.0': {
    only: '8.0',
    what: '`LSET` with an index at the ends of the range of 64 bits is an error',
    why: '8.0, and Valkey too, cut the index off to its low 32 bits and set another element than the one named. Ours is as 7.0, by decision.',
  },
  'lrem-count': {
    only: '7.0',
    what: '`LREM` with a count of -9223372036854775808 is an error, before the key is looked up',
    why: 'Redis 7.2 refuses it; in 7.0 the negated count overflows.',
  },
  'lag-8.0': {
    only: '8.0',
    what: '`lag` in `XINFO GROUPS` of a group that skipped entries, or whose entries were trimmed',
    why: '8.0 counts otherwise.',
  },
  'stream-ids-8.0': {
    only: '8.0',
    what: 'Ids of streams: `+` in `XREAD`; what `XREADGROUP`, `XADD` and `XSETID` say of ids that they refuse',
    why: '8.0 knows `+`, and has other texts and limits.',
  },
  'numbers-8.0': {
    only: '8.0',
    what: 'Scores and numbers to sort by: white space before them, and what is too large; `LIMIT` with a negative offset',
    why: '8.0 reads numbers with another function, and takes negative offsets otherwise.',
  },
  'renamed-8.0': {
    only: '8.0',
    what: 'A renamed command behind one with its former name',
    why: '8.0 takes a command that has the name of the one before it for the same command, without looking it up.',
  },
  'config-8.0': {
    only: '8.0',
    what: '`CONFIG`: `io-threads-do-reads`, the limit of `maxmemory-samples`, the default of `loading-process-events-interval-bytes`',
    why: '8.0 has others.',
  },
  'hello-8.0': {
    only: '8.0',
    what: '`HELLO` before authentication: the text of the error; names of clients with a zero byte',
    why: '8.0 has another text, and takes the name.',
  },
  'getkeys-8.0': {
    only: '8.0',
    what: '`COMMAND GETKEYS` and `GETKEYSANDFLAGS` of an `XREAD` with keys and ids that do not go in pairs',
    why: '8.0 refuses it.',
  },
  'info-8.0': {
    only: '8.0',
    what: '`INFO`, `MEMORY STATS`, `MODULE LIST`, `ROLE`, `LOLWUT`: what 8.0 added',
    why: '8.0 has sections, fields and a module more, and counts its offset also without replicas.',
  },
  'debug-8.0': {
    only: '8.0',
    what: '`DEBUG PROTOCOL push`, `DEBUG HTSTATS` with words too many',
    why: '8.0 sends the push behind the reply, and passes over the words.',
  },
  'acl-log-8.0': {
    only: '8.0',
    what: '`CONFIG SET acllog-max-len`: entries that are too many go with the next one',
    why: '8.0 lets them go at once.',
  },
  'flush-pushes-8.0': {
    only: '8.0',
    what: '`FLUSHALL`: the invalidation for the client itself stands behind the reply',
    why: 'In 8.0 it stands before the reply.',
  },
  'queued-reads-8.0': {
    only: '8.0',
    what: 'With a full memory, a transaction that is being queued refuses every command behind the one that was refused',
    why: '8.0 refuses only those that need memory.',
  },
  'object-freq-8.0': {
    only: '8.0',
    what: '`OBJECT FREQ` of a key behind `RENAME`',
    why: '8.0 counts otherwise.',
  },
} as const satisfies Record<string, KnownDifference>;

/** Whether an entry says that this reference is not the measure. */
export function differsFrom(id: DifferenceId, version: Version): boolean {
  const { only }: KnownDifference = knownDifferences[id];
  return only === undefined || only === version;
}

/** Whether that reference has other data after it. */
export function leavesOtherDataOn(id: DifferenceId, version: Version): boolean {
  const { data }: KnownDifference = knownDifferences[id];
  return data === true && differsFrom(id, version);
}

export type DifferenceId = keyof typeof knownDifferences;

/** The table in docs/compatibility.md. */
export function differencesAsMarkdown(): string {
  const rows = Object.values<KnownDifference>(knownDifferences).map(
    ({ what, why, only }) => `| ${what} | ${only ?? 'both'} | ${why} |`,
  );
  return ['| What differs | From | Why |', '| --- | --- | --- |', ...rows].join('\n');
}
