// DEBUG: what test suites use of it. Who may call it is asked before the handler runs (`refuseDebug`).

import { globMatch, replyHelp, type CommandContext, type Registry } from '@clone/command-registry';
import type { ServerContext } from '../server-context.js';
import { datasetDigest, valueDigest } from './debug-digest.js';
import { replyWithProtocolType } from './debug-protocol.js';

const HELP = [
  'DIGEST',
  '    A hash of all data: equal for equal data.',
  'DIGEST-VALUE <key> [<key> ...]',
  '    A hash of the value of each key.',
  'ERROR <string>',
  '    Replies with this error.',
  'LOADAOF',
  '    Empties the keyspace and reads the append-only file again.',
  'LOG <message>',
  "    Writes to the server's log.",
  'OBJECT <key>',
  '    How the value is kept; serializedlength is its size in memory.',
  'PROTOCOL <type>',
  '    A reply of the type: string, integer, double, bignum, null, array, set, map, attrib, push, verbatim,',
  '    true, false.',
  'SET-ACTIVE-EXPIRE <0|1>',
  '    Whether expired keys that nobody asks for are removed.',
  'SLEEP <seconds>',
  '    Stops the server for a while; decimals are allowed.',
  'STRINGMATCH-LEN <pattern> <string>',
  '    Whether the glob-style pattern matches.',
];

export function register(registry: Registry, server: ServerContext): void {
  registry.register('debug', (ctx) => {
    if (!debug(ctx, server)) {
      const name = ctx.latin1(1);
      ctx.reply.error(`ERR unknown subcommand or wrong number of arguments for '${name}'. Try DEBUG HELP.`);
    }
  });
}

/** Answers false, with nothing written, when there is no such subcommand with so many arguments. */
function debug(ctx: CommandContext, server: ServerContext): boolean {
  const { argc, reply } = ctx;
  if (argc === 2 && ctx.is(1, 'HELP')) {
    replyHelp(ctx, HELP);
  } else if (argc === 3 && ctx.is(1, 'SLEEP')) {
    sleep(ctx.float(2));
    // The requests behind it in the same pipeline see that time has passed.
    ctx.keyspace.readClock();
    reply.ok();
  } else if (argc === 3 && ctx.is(1, 'SET-ACTIVE-EXPIRE')) {
    server.activeExpire = leadingInteger(ctx.latin1(2)) !== 0;
    reply.ok();
  } else if (argc === 3 && ctx.is(1, 'OBJECT')) {
    describeObject(ctx);
  } else if (argc === 2 && ctx.is(1, 'DIGEST')) {
    reply.simple(datasetDigest(ctx.keyspace));
  } else if (ctx.is(1, 'DIGEST-VALUE')) {
    reply.array(argc - 2);
    for (let i = 2; i < argc; i++) {
      reply.simple(valueDigest(ctx.keyspace, ctx.db.peek(ctx.bytes, ctx.offset(i), ctx.length(i))));
    }
  } else if (argc === 3 && ctx.is(1, 'PROTOCOL')) {
    replyWithProtocolType(ctx);
  } else if (argc === 4 && ctx.is(1, 'STRINGMATCH-LEN')) {
    const { bytes } = ctx;
    const matches = globMatch(bytes, ctx.offset(2), ctx.length(2), bytes, ctx.offset(3), ctx.length(3), false);
    reply.integer(matches ? 1 : 0);
  } else if (argc === 2 && ctx.is(1, 'LOADAOF')) {
    if (server.aof.enabled) server.reloadAof(ctx.session);
    else reply.error('ERR Error trying to load the AOF files, check server logs.');
  } else if (argc === 3 && ctx.is(1, 'LOG')) {
    server.log('warning', `DEBUG LOG: ${ctx.text(2)}`);
    reply.ok();
  } else if (argc === 3 && ctx.is(1, 'ERROR')) {
    reply.error(ctx.latin1(2));
  } else {
    return false;
  }
  return true;
}

/** Stops the whole server, as it is meant to. What is no number does not sleep. */
function sleep(seconds: number): void {
  if (!(seconds > 0)) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

/** C's `atoi`: what does not begin with a number is 0. */
function leadingInteger(text: string): number {
  return Number.parseInt(text, 10) || 0;
}

function describeObject(ctx: CommandContext): void {
  const { db } = ctx;
  const h = db.peek(ctx.bytes, ctx.offset(2), ctx.length(2));
  if (h === 0) {
    ctx.reply.error('ERR no such key');
    return;
  }
  const fields = [
    `at:0x${h.toString(16).padStart(12, '0')}`,
    'refcount:1',
    `encoding:${db.encodingOf(h)}`,
    `serializedlength:${db.memoryUsage(h)}`,
    `lru:${ctx.keyspace.records.access(h)}`,
    `lru_seconds_idle:${db.idleSeconds(h)}`,
  ];
  ctx.reply.simple(`Value ${fields.join(' ')}`);
}
