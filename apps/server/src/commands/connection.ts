// How a connection begins and ends: HELLO, AUTH, RESET, QUIT.

import { errors, ReplyMode, type CommandContext, type Registry } from '@clone/command-registry';
import type { ServerContext } from '../server-context.js';
import { BAD_CLIENT_NAME, isClientName } from './client.js';

const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';
const NO_PASSWORD_SET =
  'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?';
const HELLO_UNAUTHENTICATED =
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time';

export function register(registry: Registry, server: ServerContext): void {
  registry.register('hello', (ctx) => hello(ctx, server));
  registry.register('auth', (ctx) => auth(ctx, server));
  registry.register('monitor', (ctx) => {
    if (!ctx.session.mayBlock) {
      ctx.reply.error("ERR MONITOR isn't allowed for DENY BLOCKING client");
      return;
    }
    // Who is one already hears nothing more of it, as in Redis.
    if (ctx.session.isMonitor) return;
    server.monitors.add(ctx.session);
    ctx.reply.ok();
  });
  registry.register('reset', (ctx) => reset(ctx, server));
  registry.register('quit', (ctx) => {
    ctx.reply.ok();
    ctx.session.closeAfterReply = true;
  });
}

function hello(ctx: CommandContext, server: ServerContext): void {
  let protocol: 2 | 3 | undefined;
  if (ctx.argc > 1) {
    const version = ctx.integer(1);
    if (Number.isNaN(version)) {
      ctx.reply.error('ERR Protocol version is not an integer or out of range');
      return;
    }
    if (version !== 2 && version !== 3) {
      ctx.reply.error('NOPROTO unsupported protocol version');
      return;
    }
    protocol = version;
  }
  let credentials = 0;
  let name: string | undefined;
  for (let i = 2; i < ctx.argc; i++) {
    const more = ctx.argc - 1 - i;
    if (ctx.is(i, 'AUTH') && more >= 2) {
      credentials = i + 1;
      i += 2;
    } else if (ctx.is(i, 'SETNAME') && more >= 1) {
      name = ctx.latin1(++i);
      if (!isClientName(name)) {
        ctx.reply.error(BAD_CLIENT_NAME);
        return;
      }
    } else {
      ctx.reply.error(`ERR Syntax error in HELLO option '${ctx.latin1(i)}'`);
      return;
    }
  }
  if (credentials > 0 && !authenticate(ctx, server, ctx.latin1(credentials), ctx.copy(credentials + 1))) return;
  const { reply, session } = ctx;
  if (!session.authenticated) {
    reply.error(HELLO_UNAUTHENTICATED);
    return;
  }
  if (name !== undefined) session.name = name;
  if (protocol !== undefined) {
    session.protocol = protocol;
    reply.protocol = protocol;
  }
  reply.map(7);
  reply.bulkLatin1('server');
  reply.bulkLatin1('redis');
  reply.bulkLatin1('version');
  reply.bulkLatin1(server.redisVersion);
  reply.bulkLatin1('proto');
  reply.integer(session.protocol);
  reply.bulkLatin1('id');
  reply.integer(session.id);
  reply.bulkLatin1('mode');
  reply.bulkLatin1('standalone');
  reply.bulkLatin1('role');
  reply.bulkLatin1('master');
  reply.bulkLatin1('modules');
  reply.array(0);
}

function auth(ctx: CommandContext, server: ServerContext): void {
  if (ctx.argc > 3) {
    ctx.reply.error(errors.syntax);
    return;
  }
  if (ctx.argc === 2 && server.acl.defaultUser.noPassword) {
    ctx.reply.error(NO_PASSWORD_SET);
    return;
  }
  const user = ctx.argc === 3 ? ctx.latin1(1) : 'default';
  if (authenticate(ctx, server, user, ctx.copy(ctx.argc - 1))) ctx.reply.ok();
}

/** Lets the session in, or answers an error. */
function authenticate(ctx: CommandContext, server: ServerContext, user: string, password: Uint8Array): boolean {
  if (server.acl.authenticate(ctx.session, user, password, ctx.latin1(0))) return true;
  ctx.reply.error(WRONG_PASSWORD);
  return false;
}

/** Back to what a new connection is; only the library's name and version stay. */
function reset(ctx: CommandContext, server: ServerContext): void {
  const { session } = ctx;
  ctx.transactions.end(session);
  server.pubsub.forget(session);
  server.tracking.switchOff(session);
  server.monitors.remove(session);
  session.dbIndex = 0;
  session.protocol = 2;
  session.name = '';
  server.acl.admit(session);
  session.noTouch = false;
  session.noEvict = false;
  // What CLIENT REPLY SKIP was to skip is the reply to come.
  if (session.replyMode !== ReplyMode.skip) session.replyMode = ReplyMode.on;
  ctx.reply.protocol = 2;
  ctx.reply.simple('RESET');
}
