// CLIENT: who is connected, names, and the ends of connections. Formats are those of Redis 7.2.

import { errors, replyHelp, ReplyMode, type CommandContext, type Registry } from '@clone/command-registry';
import type { Client, ClientKind, ServerContext } from '../server-context.js';
import { clientLine } from './client-line.js';

const KINDS: ReadonlyMap<string, ClientKind> = new Map([
  ['normal', 'normal'],
  ['slave', 'replica'],
  ['replica', 'replica'],
  ['pubsub', 'pubsub'],
  ['master', 'primary'],
]);

export const BAD_CLIENT_NAME = 'ERR Client names cannot contain spaces, newlines or special characters.';

const HELP = [
  'GETNAME',
  '    The name of this connection.',
  'ID',
  '    The number of this connection.',
  'INFO',
  '    One line about this connection.',
  'KILL <ip:port>',
  '    Ends the connection that comes from this address.',
  'KILL <option> <value> [<option> <value> [...]]',
  '    Ends the connections that meet all conditions:',
  '    * ADDR (<ip:port>|<unixsocket>:0), LADDR (<ip:port>|<unixsocket>:0), ID <id>',
  '    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB), USER <username>',
  '    * SKIPME (YES|NO): whether this connection is left out; YES unless said.',
  'LIST [TYPE (NORMAL|MASTER|REPLICA|PUBSUB)] [ID <id> [<id> ...]]',
  '    One line about each connection.',
  'PAUSE <timeout> [WRITE|ALL]',
  '    Executes no commands, or no writes, for so many milliseconds.',
  'UNPAUSE',
  '    Ends a pause.',
  'REPLY (ON|OFF|SKIP)',
  '    Whether commands are answered; SKIP leaves out the next one.',
  'SETNAME <name>',
  '    Names this connection.',
  'SETINFO (LIB-NAME|LIB-VER) <value>',
  '    Says which client library this is.',
  'TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [PREFIX <prefix> [...]]]',
  '    [OPTIN] [OPTOUT] [NOLOOP]',
  '    Whether this connection is told when keys change that it has read.',
  'CACHING (YES|NO)',
  '    Whether what the next command reads will be told of; for OPTIN and OPTOUT.',
  'TRACKINGINFO',
  '    How this connection is told of keys.',
  'GETREDIR',
  '    The connection that is told in the place of this one.',
  'UNBLOCK <clientid> [TIMEOUT|ERROR]',
  '    Ends the wait of a client: as if its time were over (the default), or with an error.',
  'NO-EVICT (ON|OFF)',
  '    Keeps this connection when clients use too much memory.',
  'NO-TOUCH (ON|OFF)',
  '    Lets reads leave access times and frequencies alone.',
];

export function register(registry: Registry, server: ServerContext): void {
  registry.register('client|id', (ctx) => ctx.reply.integer(ctx.session.id));
  registry.register('client|getname', getName);
  registry.register('client|setname', setName);
  registry.register('client|setinfo', setInfo);
  registry.register('client|info', (ctx) => info(ctx, server));
  registry.register('client|list', (ctx) => list(ctx, server));
  registry.register('client|kill', (ctx) => (ctx.argc === 3 ? killByAddress(ctx, server) : killByFilter(ctx, server)));
  registry.register('client|no-evict', (ctx) => {
    const on = onOff(ctx);
    if (on !== undefined) ctx.session.noEvict = on;
  });
  registry.register('client|no-touch', (ctx) => {
    const on = onOff(ctx);
    if (on !== undefined) ctx.session.noTouch = on;
  });
  registry.register('client|reply', setReplyMode);
  registry.register('client|pause', (ctx) => pause(ctx, server));
  registry.register('client|unpause', (ctx) => {
    server.pause.unpause();
    ctx.reply.ok();
  });
  registry.register('client|unblock', (ctx) => unblock(ctx, server));
  registry.register('client|help', (ctx) => replyHelp(ctx, HELP));
}

/** Printable ASCII without the space; the empty name is fine and means none. */
export function isClientName(name: string): boolean {
  return /^[!-~]*$/.test(name);
}

function getName(ctx: CommandContext): void {
  if (ctx.session.name === '') ctx.reply.null();
  else ctx.reply.bulkLatin1(ctx.session.name);
}

function setName(ctx: CommandContext): void {
  const name = ctx.latin1(2);
  if (!isClientName(name)) {
    ctx.reply.error(BAD_CLIENT_NAME);
    return;
  }
  ctx.session.name = name;
  ctx.reply.ok();
}

function setInfo(ctx: CommandContext): void {
  const isName = ctx.is(2, 'LIB-NAME');
  if (!isName && !ctx.is(2, 'LIB-VER')) {
    ctx.reply.error(`ERR Unrecognized option '${ctx.latin1(2)}'`);
    return;
  }
  const value = ctx.latin1(3);
  if (!isClientName(value)) {
    ctx.reply.error(`ERR ${ctx.latin1(2)} cannot contain spaces, newlines or special characters.`);
    return;
  }
  if (isName) ctx.session.libName = value;
  else ctx.session.libVer = value;
  ctx.reply.ok();
}

function info(ctx: CommandContext, server: ServerContext): void {
  const client = server.clients.get(ctx.session.id);
  ctx.reply.verbatim('txt', client === undefined ? '' : clientLine(client, ctx.keyspace.now));
}

function list(ctx: CommandContext, server: ServerContext): void {
  let chosen: readonly Client[];
  if (ctx.argc === 2) {
    chosen = [...server.clients.values()];
  } else if (ctx.argc === 4 && ctx.is(2, 'TYPE')) {
    const kind = kindOf(ctx, 3);
    if (kind === undefined) return;
    chosen = [...server.clients.values()].filter((client) => client.kind === kind);
  } else if (ctx.argc > 3 && ctx.is(2, 'ID')) {
    const ids = Array.from({ length: ctx.argc - 3 }, (_, i) => ctx.integer(i + 3));
    if (ids.some(Number.isNaN)) {
      ctx.reply.error('ERR Invalid client ID');
      return;
    }
    chosen = ids.map((id) => server.clients.get(id)).filter((client) => client !== undefined);
  } else {
    ctx.reply.error(errors.syntax);
    return;
  }
  ctx.reply.verbatim('txt', chosen.map((client) => clientLine(client, ctx.keyspace.now)).join(''));
}

function pause(ctx: CommandContext, server: ServerContext): void {
  const { now } = ctx.keyspace;
  const timeout = ctx.bigInteger(2);
  if (ctx.argc > 4) {
    ctx.reply.error(errors.unknownSubcommandOrArity(ctx.latin1(1), 'CLIENT'));
    return;
  }
  const all = ctx.argc === 3 || ctx.is(3, 'ALL');
  if (!all && !ctx.is(3, 'WRITE')) ctx.reply.error('ERR CLIENT PAUSE mode must be WRITE or ALL');
  else if (timeout === undefined) ctx.reply.error(errors.timeoutNotInteger);
  else if (timeout < 0n) ctx.reply.error(errors.timeoutNegative);
  else if (timeout > 9223372036854775807n - BigInt(now)) ctx.reply.error(errors.timeoutOutOfRange);
  else {
    server.pause.pause(now + Number(timeout), all);
    ctx.reply.ok();
  }
}

function unblock(ctx: CommandContext, server: ServerContext): void {
  let withError = false;
  if (ctx.argc === 4) {
    if (ctx.is(3, 'ERROR')) withError = true;
    else if (!ctx.is(3, 'TIMEOUT')) {
      ctx.reply.error('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
      return;
    }
  } else if (ctx.argc > 4) {
    const name = ctx.latin1(1);
    ctx.reply.error(errors.unknownSubcommandOrArity(name, 'CLIENT'));
    return;
  }
  const id = ctx.integer(2);
  if (Number.isNaN(id)) ctx.reply.error(errors.notInteger);
  else ctx.reply.integer(server.dispatcher.blocked.unblock(id, withError) ? 1 : 0);
}

/** The kind that argument `i` names; undefined after an error reply. */
function kindOf(ctx: CommandContext, i: number): ClientKind | undefined {
  const kind = KINDS.get(ctx.latin1(i).toLowerCase());
  if (kind === undefined) ctx.reply.error(`ERR Unknown client type '${ctx.latin1(i)}'`);
  return kind;
}

/** The old form `CLIENT KILL ip:port`, which may end the caller itself. */
function killByAddress(ctx: CommandContext, server: ServerContext): void {
  const address = ctx.latin1(2);
  for (const client of server.clients.values()) {
    if (client.session.address !== address) continue;
    client.kill();
    ctx.reply.ok();
    return;
  }
  ctx.reply.error('ERR No such client');
}

interface KillFilter {
  id: number | undefined;
  kind: ClientKind | undefined;
  address: string | undefined;
  localAddress: string | undefined;
  user: string | undefined;
  skipMe: boolean;
}

function killByFilter(ctx: CommandContext, server: ServerContext): void {
  const filter = readKillFilter(ctx, server);
  if (filter === undefined) return;
  let killed = 0;
  for (const client of [...server.clients.values()]) {
    const isMe = client.session === ctx.session;
    if ((isMe && filter.skipMe) || !isMeant(client, filter)) continue;
    client.kill();
    killed++;
  }
  ctx.reply.integer(killed);
}

/** The filter that the arguments name; undefined after an error reply. */
function readKillFilter(ctx: CommandContext, server: ServerContext): KillFilter | undefined {
  const filter: KillFilter = {
    id: undefined,
    kind: undefined,
    address: undefined,
    localAddress: undefined,
    user: undefined,
    skipMe: true,
  };
  for (let i = 2; i < ctx.argc; i += 2) {
    if (i + 1 === ctx.argc) {
      ctx.reply.error(errors.syntax);
      return undefined;
    }
    if (ctx.is(i, 'ID')) {
      filter.id = ctx.integer(i + 1);
      if (!(filter.id > 0)) {
        ctx.reply.error('ERR client-id should be greater than 0');
        return undefined;
      }
    } else if (ctx.is(i, 'TYPE')) {
      filter.kind = kindOf(ctx, i + 1);
      if (filter.kind === undefined) return undefined;
    } else if (ctx.is(i, 'ADDR')) {
      filter.address = ctx.latin1(i + 1);
    } else if (ctx.is(i, 'LADDR')) {
      filter.localAddress = ctx.latin1(i + 1);
    } else if (ctx.is(i, 'USER')) {
      filter.user = ctx.latin1(i + 1);
      if (server.acl.user(filter.user) === undefined) {
        ctx.reply.error(`ERR No such user '${filter.user}'`);
        return undefined;
      }
    } else if (ctx.is(i, 'SKIPME') && (ctx.is(i + 1, 'YES') || ctx.is(i + 1, 'NO'))) {
      filter.skipMe = ctx.is(i + 1, 'YES');
    } else {
      ctx.reply.error(errors.syntax);
      return undefined;
    }
  }
  return filter;
}

function isMeant(client: Client, filter: KillFilter): boolean {
  const { session } = client;
  return (
    (filter.id === undefined || session.id === filter.id) &&
    (filter.kind === undefined || client.kind === filter.kind) &&
    (filter.address === undefined || session.address === filter.address) &&
    (filter.localAddress === undefined || session.localAddress === filter.localAddress) &&
    (filter.user === undefined || session.user === filter.user)
  );
}

/** ON or OFF in argument 2, answered with OK; undefined after an error reply. */
function onOff(ctx: CommandContext): boolean | undefined {
  const on = ctx.is(2, 'ON');
  if (!on && !ctx.is(2, 'OFF')) {
    ctx.reply.error(errors.syntax);
    return undefined;
  }
  ctx.reply.ok();
  return on;
}

function setReplyMode(ctx: CommandContext): void {
  const { session } = ctx;
  if (ctx.is(2, 'ON')) {
    session.replyMode = ReplyMode.on;
    ctx.reply.ok();
  } else if (ctx.is(2, 'OFF')) {
    session.replyMode = ReplyMode.off;
  } else if (ctx.is(2, 'SKIP')) {
    if (session.replyMode !== ReplyMode.off) session.replyMode = ReplyMode.skipNext;
  } else {
    ctx.reply.error(errors.syntax);
  }
}
