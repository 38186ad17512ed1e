// Every difference from the reference that is not a mistake, with its reason. Cases and masks refer to the entries by
// name; a test fails for an entry that nothing uses, and for one that docs/compatibility.md does not list.

export interface KnownDifference {
  /** What differs, as a user of the server would look it up. */
  readonly what: string;
  readonly why: string;
}

const newIn72 = 'New in Redis 7.2; the reference of the tests is 7.0.';

export const knownDifferences = {
  'client-setinfo': {
    what: '`CLIENT SETINFO` exists; `CLIENT INFO` and `CLIENT LIST` end with `lib-name=` and `lib-ver=`',
    why: newIn72,
  },
  'client-no-touch': { what: '`CLIENT NO-TOUCH` exists', why: newIn72 },
  'reset-no-evict': { what: '`RESET` turns `CLIENT NO-EVICT` off', why: 'Redis 7.2 does so; 7.0 forgets it.' },
  'hello-setname': {
    what: '`HELLO … SETNAME name` with a later option that is wrong leaves the name as it was',
    why: 'Redis 7.2 sets the name when all options are read and the client is authenticated; 7.0 does so while reading.',
  },
  'command-getkeys-arity': {
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
    what: '`COMMAND DOCS`: no summaries, complexity and history; what 7.2 says otherwise of arguments and deprecation',
    why: 'The table holds facts of Redis 7.2 (names, arguments, groups, versions), not texts of others.',
  },
  'hscan-novalues': { what: '`HSCAN … NOVALUES`', why: 'New in Redis 7.4.' },
  'config-parameters': {
    what: '`CONFIG GET *`: parameters that only one of Redis 7.0 and 7.2 has',
    why: 'The list of parameters is that of Redis 7.2.',
  },
  'config-loglevel': {
    what: '`CONFIG SET loglevel`: the value `nothing`',
    why: newIn72,
  },
  'info-fields': {
    what: '`INFO`: fields that only one of Redis 7.0 and 7.2 has; `clone_version`, `node_version`',
    why: 'The list of fields is that of Redis 7.2, plus our own version.',
  },
  'debug-stringmatch': {
    what: '`DEBUG STRINGMATCH-LEN pattern string`',
    why: 'Not in 7.0; test tools of later versions use it.',
  },
  'help-texts': { what: 'The texts of `HELP` subcommands', why: 'They are in our own words.' },
  'doctor-texts': {
    what: 'The texts of `MEMORY DOCTOR`, `MEMORY MALLOC-STATS` and `LOLWUT`',
    why: 'They are in our own words.',
  },
  'memory-figures': {
    what: 'Figures of `MEMORY USAGE`, `MEMORY STATS`, `DEBUG OBJECT`',
    why: 'Another memory layout: the figures are those of our own store.',
  },
  version: {
    what: 'Version numbers in `HELLO`, `INFO` and `LOLWUT`',
    why: 'The server reports the version it is compatible with, 7.2.4.',
  },
} as const satisfies Record<string, KnownDifference>;

export type DifferenceId = keyof typeof knownDifferences;

/** The table in docs/compatibility.md. */
export function differencesAsMarkdown(): string {
  const rows = Object.values(knownDifferences).map(({ what, why }) => `| ${what} | ${why} |`);
  return ['| What differs | Why |', '| --- | --- |', ...rows].join('\n');
}
