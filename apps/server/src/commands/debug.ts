// DEBUG: what test suites use of it. Who may call it is asked before the handler runs (`refuseProtected`).
//
// A subcommand is known by its name and its number of arguments; there is one answer for a mistake in either. Several
// concern what this server does not have, such as the reply buffers of Redis: they are accepted, because tests that set
// them mean something else.

import { errors, globMatch, replyHelp, type CommandContext, type Registry } from '@clone/command-registry';
import { parseMemorySize } from '../config/memory-size.js';
import type { ServerContext } from '../server-context.js';
import { datasetDigest, valueDigest } from './debug-digest.js';
import { describeObject, logStructure, peekKey, populate } from './debug-keys.js';
import { replyWithProtocolType } from './debug-protocol.js';
import { writeDatabaseTables, writeValueTable } from './debug-tables.js';

interface Subcommand {
  /** Arguments, `DEBUG` and its own name counted: from and to. */
  readonly least: number;
  readonly most: number;
  readonly run: (ctx: CommandContext, server: ServerContext) => void;
}

const GIGABYTE = 1n << 30n;

const ok = (ctx: CommandContext): void => ctx.reply.ok();

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  'CHANGE-REPL-ID': exactly(2, (ctx, server) => {
    server.log('warning', 'Changing replication IDs after receiving change-repl-id');
    server.changeReplicationId();
    ctx.reply.ok();
  }),
  'DICT-RESIZING': exactly(3, ok),
  DIGEST: exactly(2, (ctx) => ctx.reply.simple(datasetDigest(ctx.keyspace))),
  'DIGEST-VALUE': between(2, Infinity, digestValues),
  ERROR: exactly(3, (ctx) => ctx.reply.error(ctx.latin1(2))),
  HELP: exactly(2, (ctx) => replyHelp(ctx, HELP)),
  HTSTATS: between(3, 4, databaseTables),
  'HTSTATS-KEY': between(3, 4, (ctx) => {
    const h = peekKey(ctx, 2);
    if (h !== 0) writeValueTable(ctx, h, isFull(ctx));
  }),
  LISTPACK: exactly(3, (ctx, server) => logStructure(ctx, server, 'listpack')),
  LOADAOF: exactly(2, loadAof),
  LOG: exactly(3, (ctx, server) => {
    server.log('warning', `DEBUG LOG: ${ctx.text(2)}`);
    ctx.reply.ok();
  }),
  OBJECT: between(3, 4, describeObject),
  'PAUSE-CRON': exactly(3, (ctx, server) => {
    server.cronPaused = leadingInteger(ctx.latin1(2)) !== 0;
    ctx.reply.ok();
  }),
  POPULATE: between(3, 5, populate),
  PROTOCOL: exactly(3, replyWithProtocolType),
  QUICKLIST: between(3, 4, (ctx, server) => logStructure(ctx, server, 'quicklist')),
  'QUICKLIST-PACKED-THRESHOLD': exactly(3, packedThreshold),
  RELOAD: between(2, Infinity, reload),
  REPLYBUFFER: exactly(4, replyBuffer),
  'SET-ACTIVE-EXPIRE': exactly(3, (ctx, server) => {
    server.activeExpire = leadingInteger(ctx.latin1(2)) !== 0;
    ctx.reply.ok();
  }),
  SLEEP: exactly(3, sleep),
  'STRINGMATCH-LEN': exactly(4, (ctx) => {
    const { bytes } = ctx;
    const matches = globMatch(bytes, ctx.offset(2), ctx.length(2), bytes, ctx.offset(3), ctx.length(3), false);
    ctx.reply.integer(matches ? 1 : 0);
  }),
};

const HELP = [
  'CHANGE-REPL-ID',
  '    Gives the stream of changes another name.',
  'DICT-RESIZING <0|1>',
  '    Accepted without effect: dictionaries always grow and shrink with their contents.',
  'DIGEST',
  '    A hash of all data: equal for equal data.',
  'DIGEST-VALUE <key> [<key> ...]',
  '    A hash of the value of each key.',
  'ERROR <string>',
  '    Replies with this error.',
  'HTSTATS <dbid> [full]',
  '    How full the dictionaries of a database are; a slot holds up to twelve entries.',
  'HTSTATS-KEY <key> [full]',
  '    The same for the dictionary of a value.',
  'LISTPACK <key>',
  '    Tells in the log of a value that is a listpack.',
  'LOADAOF',
  '    Empties the keyspace and reads the append-only file again.',
  'LOG <message>',
  "    Writes to the server's log.",
  'OBJECT <key> [fast]',
  '    How the value is kept; serializedlength is its size in memory, which fast leaves out.',
  'PAUSE-CRON <0|1>',
  '    Whether what is done ten times a second rests.',
  'POPULATE <count> [<prefix>] [<size>]',
  '    Creates strings that are in no log. The default prefix is key.',
  'PROTOCOL <type>',
  '    A reply of the type: string, integer, double, bignum, null, array, set, map, attrib, push, verbatim,',
  '    true, false.',
  'QUICKLIST <key> [<0|1>]',
  '    Tells in the log of a value that is a quicklist.',
  'QUICKLIST-PACKED-THRESHOLD <size>',
  '    Accepted without effect.',
  'RELOAD [NOSAVE]',
  '    Rewrites the append-only file, empties the keyspace and reads it again; with NOSAVE reads what is there.',
  'REPLYBUFFER <PEAK-RESET-TIME <never|reset|milliseconds>|RESIZING <0|1>>',
  '    Accepted without effect: clients have no reply buffers of their own.',
  'SET-ACTIVE-EXPIRE <0|1>',
  '    Whether expired keys that nobody asks for are removed.',
  'SLEEP <seconds>',
  '    Stops the server for a while; decimals are allowed.',
  'STRINGMATCH-LEN <pattern> <string>',
  '    Whether the glob-style pattern matches.',
];

export function register(registry: Registry, server: ServerContext): void {
  registry.register('debug', (ctx) => {
    const subcommand = SUBCOMMANDS[ctx.latin1(1).toUpperCase()];
    if (subcommand === undefined || ctx.argc < subcommand.least || ctx.argc > subcommand.most) {
      refuseSubcommand(ctx);
    } else {
      subcommand.run(ctx, server);
    }
  });
}

function refuseSubcommand(ctx: CommandContext): void {
  ctx.reply.error(errors.unknownSubcommandOrArity(ctx.latin1(1).slice(0, 128), 'DEBUG'));
}

function exactly(argc: number, run: Subcommand['run']): Subcommand {
  return { least: argc, most: argc, run };
}

function between(least: number, most: number, run: Subcommand['run']): Subcommand {
  return { least, most, run };
}

/** Stops the whole server, as it is meant to. What is no number does not sleep. */
function sleep(ctx: CommandContext): void {
  const seconds = ctx.float(2);
  if (seconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
  // The requests behind it in the same pipeline see that time has passed.
  // Within EXEC time stands still for its commands.
  if (!ctx.session.inTransaction) ctx.keyspace.readClock();
  ctx.reply.ok();
}

/** C's `atoi`: what does not begin with a number is 0. */
function leadingInteger(text: string): number {
  return Number.parseInt(text, 10) || 0;
}

function digestValues(ctx: CommandContext): void {
  ctx.reply.array(ctx.argc - 2);
  for (let i = 2; i < ctx.argc; i++) {
    ctx.reply.simple(valueDigest(ctx.keyspace, ctx.db.peekAny(ctx.bytes, ctx.offset(i), ctx.length(i))));
  }
}

function isFull(ctx: CommandContext): boolean {
  return ctx.argc > 3 && ctx.is(3, 'FULL');
}

function databaseTables(ctx: CommandContext): void {
  const index = ctx.integer(2);
  if (Number.isNaN(index)) ctx.reply.error(errors.notInteger);
  else if (index < 0 || index >= ctx.keyspace.databases.length) ctx.reply.error('ERR Out of range database');
  else writeDatabaseTables(ctx, index, isFull(ctx));
}

function packedThreshold(ctx: CommandContext): void {
  const size = parseMemorySize(ctx.latin1(2));
  if (size === undefined || size > 4n * GIGABYTE) {
    ctx.reply.error('ERR argument must be a memory value bigger than 1 and smaller than 4gb');
  } else {
    ctx.reply.ok();
  }
}

function replyBuffer(ctx: CommandContext): void {
  if (ctx.is(2, 'RESIZING') || (ctx.is(2, 'PEAK-RESET-TIME') && (ctx.is(3, 'NEVER') || ctx.is(3, 'RESET')))) {
    ctx.reply.ok();
  } else if (!ctx.is(2, 'PEAK-RESET-TIME')) {
    refuseSubcommand(ctx);
  } else if (Number.isNaN(ctx.integer(3))) {
    ctx.reply.error(errors.notInteger);
  } else {
    ctx.reply.ok();
  }
}

function loadAof(ctx: CommandContext, server: ServerContext): void {
  if (!server.aof.enabled) ctx.reply.error('ERR Error trying to load the AOF files, check server logs.');
  else reloadFrom(ctx, server, false);
}

/** RELOAD [NOSAVE]: by the append-only file, since there are no RDB files. */
function reload(ctx: CommandContext, server: ServerContext): void {
  let save = true;
  let onto = false;
  for (let i = 2; i < ctx.argc; i++) {
    if (ctx.is(i, 'NOSAVE')) save = false;
    else if (ctx.is(i, 'MERGE') || ctx.is(i, 'NOFLUSH')) onto = true;
    else {
      ctx.reply.error('ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.');
      return;
    }
  }
  if (onto) ctx.reply.error('ERR DEBUG RELOAD with MERGE or NOFLUSH needs RDB files, which are not supported yet');
  else if (!server.aof.enabled) ctx.reply.error('ERR DEBUG RELOAD needs appendonly: RDB files are not supported yet');
  else reloadFrom(ctx, server, save);
}

/** The reply comes when the data are there again. */
function reloadFrom(ctx: CommandContext, server: ServerContext, rewrite: boolean): void {
  if (server.aofIsWaiting) {
    ctx.reply.error('ERR the first append only file is still being written: what is on disk is not what is in memory');
    return;
  }
  if (!ctx.session.mayBlock) {
    ctx.reply.error('ERR the data cannot be loaded again inside a transaction or script');
    return;
  }
  server.reloadAof(ctx.session, rewrite);
}
