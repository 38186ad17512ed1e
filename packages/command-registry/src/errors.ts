/**
 * The protocol's errors, to the letter (asked of Redis 7.0.15, adjusted to 7.2): one table, so that a text stands in
 * one place. A text begins with its code and has no `-`; `ReplyWriter.error` writes it.
 */
/** Thrown where a handler is too deep to say so otherwise: a request that cannot be executed, and has changed nothing. */
export class Refusal extends Error {}

/** Texts of error replies that several commands have, code included, without the leading `-`. */
export const errors = {
  syntax: 'ERR syntax error',
  wrongType: 'WRONGTYPE Operation against a key holding the wrong kind of value',
  noSuchKey: 'ERR no such key',
  sameObject: 'ERR source and destination objects are the same',
  dbIndexOutOfRange: 'ERR DB index is out of range',
  internal: 'ERR internal error',

  notInteger: 'ERR value is not an integer or out of range',
  notFloat: 'ERR value is not a valid float',
  outOfRange: 'ERR value is out of range',
  outOfRangeSymmetric: 'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
  outOfIntRange: 'ERR value is out of range, value must between -2147483648 and 2147483647',
  overflow: 'ERR increment or decrement would overflow',
  decrementOverflow: 'ERR decrement would overflow',
  incrementNotFinite: 'ERR increment would produce NaN or Infinity',
  notFinite: 'ERR value is NaN or Infinity',

  offsetOutOfRange: 'ERR offset is out of range',
  stringTooLong: 'ERR string exceeds maximum allowed size (proto-max-bulk-len)',
  lcsNotStrings: 'ERR The specified keys must contain string values',
  lcsLenAndIdx: 'ERR If you want both the length and indexes, please just use IDX.',
  lcsTableTooBig: 'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len',

  hashNotInteger: 'ERR hash value is not an integer',
  hashNotFloat: 'ERR hash value is not a float',

  invalidCursor: 'ERR invalid cursor',
  expireNxWithOthers: 'ERR NX and XX, GT or LT options at the same time are not compatible',
  expireGtAndLt: 'ERR GT and LT options at the same time are not compatible',
  invalidFirstDbIndex: 'ERR invalid first DB index',
  invalidSecondDbIndex: 'ERR invalid second DB index',
  lfuNotSelected:
    'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
  lfuSelected:
    'ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',

  timeoutNotFloat: 'ERR timeout is not a float or out of range',
  timeoutNotInteger: 'ERR timeout is not an integer or out of range',
  timeoutNegative: 'ERR timeout is negative',
  timeoutOutOfRange: 'ERR timeout is out of range',

  monitorNoData: "ERR Replica can't interact with the keyspace",
  transactionTooLong: 'ERR The transaction is longer than 2 GB',
  sortTooLong: 'ERR The elements to sort are more than 4 GB',
  replyTooLong: 'ERR The reply is too long to be made in one piece, as a transaction needs it',
  notInTransaction: 'ERR Command not allowed inside a transaction',
  nestedMulti: 'ERR MULTI calls can not be nested',
  watchInMulti: 'ERR WATCH inside MULTI is not allowed',
  execWithoutMulti: 'ERR EXEC without MULTI',
  discardWithoutMulti: 'ERR DISCARD without MULTI',
  execAborted: 'EXECABORT Transaction discarded because of previous errors.',

  noAuth: 'NOAUTH Authentication required.',
  loading: 'LOADING Redis is loading the dataset in memory',
  replicasMissing: 'NOREPLICAS Not enough good replicas to write.',
  outOfMemory: "OOM command not allowed when used memory > 'maxmemory'.",

  invalidCommand: 'ERR Invalid command specified',
  noKeyArguments: 'ERR The command has no key arguments',
  invalidArgumentCount: 'ERR Invalid number of arguments specified for command',
  invalidArguments: 'ERR Invalid arguments specified for command',
  notPositive: 'ERR value is out of range, must be positive',
  numkeysNotPositive: 'ERR numkeys should be greater than 0',
  tooManyKeys: "ERR Number of keys can't be greater than number of args",
  negativeLimit: "ERR LIMIT can't be negative",

  /** @param name full name in lower case, `config|get` for a subcommand */
  wrongArity: (name: string): string => `ERR wrong number of arguments for '${name}' command`,
  /** A session that listens to channels over RESP2 wants something else. */
  listening: (name: string): string =>
    `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
  /** @param name of the command that was given the time */
  invalidExpireTime: (name: string): string => `ERR invalid expire time in '${name}' command`,
  /** @param option as the client wrote it */
  unsupportedOption: (option: string): string => `ERR Unsupported option ${option}`,
  /** @param sub as the client wrote it, bytes as latin1. @param container its name */
  wrongSubcommandArity: (sub: string, container: string): string =>
    `ERR unknown subcommand or wrong number of arguments for '${sub}'. Try ${container.toUpperCase()} HELP.`,
  /**
   * @param sub as the client wrote it, bytes as latin1, cut to 128
   * @param container its name
   */
  unknownSubcommand: (sub: string, container: string): string =>
    `ERR unknown subcommand '${sub}'. Try ${container.toUpperCase()} HELP.`,
  /** The older text, where subcommands check their own arguments. @param container in upper case */
  unknownSubcommandOrArity: (sub: string, container: string): string =>
    `ERR unknown subcommand or wrong number of arguments for '${sub}'. Try ${container} HELP.`,
} as const;
