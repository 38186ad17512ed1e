// Publish and subscribe. A command that begins or ends several subscriptions sends one frame for each, which RESP3 clients get as
// pushes; they are replies all the same, in their place among the others.

import { errors, replyHelp, ReplyMode, type CommandContext, type Registry } from '@clone/command-registry';
import { latin1 } from '../latin1.js';
import { confirmation } from '../pubsub/frames.js';
import { matches } from '../pubsub/patterns.js';
import type { PubSub } from '../pubsub/pub-sub.js';
import type { TopicKind } from '../pubsub/subscriber.js';
import type { Topics } from '../pubsub/topics.js';
import type { ServerContext } from '../server-context.js';

const HELP = [
  'CHANNELS [<pattern>]',
  '    The channels that somebody listens to, all or those that match.',
  'NUMPAT',
  '    How many different patterns are listened to.',
  'NUMSUB [<channel> [<channel> ...]]',
  '    How many clients listen to each channel; who listens through a pattern does not count.',
  'SHARDCHANNELS [<pattern>]',
  '    The shard channels that somebody listens to, all or those that match.',
  'SHARDNUMSUB [<shardchannel> [<shardchannel> ...]]',
  '    How many clients listen to each shard channel.',
];

export function register(registry: Registry, server: ServerContext): void {
  const { pubsub } = server;
  registry.register('subscribe', (ctx) => subscribe(ctx, server, 'channels'));
  registry.register('psubscribe', (ctx) => subscribe(ctx, server, 'patterns'));
  registry.register('ssubscribe', (ctx) => subscribe(ctx, server, 'shardChannels'));
  registry.register('unsubscribe', (ctx) => unsubscribe(ctx, server, 'channels'));
  registry.register('punsubscribe', (ctx) => unsubscribe(ctx, server, 'patterns'));
  registry.register('sunsubscribe', (ctx) => unsubscribe(ctx, server, 'shardChannels'));
  registry.register('publish', (ctx) => publish(ctx, pubsub));
  registry.register('spublish', (ctx) => ctx.reply.integer(pubsub.publishToShard(argument(ctx, 1), argument(ctx, 2))));
  registry.register('pubsub|channels', (ctx) => channels(ctx, pubsub.channels));
  registry.register('pubsub|shardchannels', (ctx) => channels(ctx, pubsub.shardChannels));
  registry.register('pubsub|numsub', (ctx) => counts(ctx, pubsub.channels));
  registry.register('pubsub|shardnumsub', (ctx) => counts(ctx, pubsub.shardChannels));
  registry.register('pubsub|numpat', (ctx) => ctx.reply.integer(pubsub.patterns.size));
  registry.register('pubsub|help', (ctx) => replyHelp(ctx, HELP));
}

function argument(ctx: CommandContext, i: number): string {
  return latin1(ctx.bytes, ctx.offset(i), ctx.length(i));
}

function publish(ctx: CommandContext, pubsub: PubSub): void {
  ctx.reply.integer(pubsub.hasListeners ? pubsub.publish(argument(ctx, 1), argument(ctx, 2)) : 0);
}

function subscribe(ctx: CommandContext, server: ServerContext, kind: TopicKind): void {
  const { session } = ctx;
  const client = server.clients.get(session.id);
  // In a transaction SUBSCRIBE and PSUBSCRIBE are let through for the sake of old clients: so Redis says.
  if (client === undefined || (kind === 'shardChannels' && !session.mayBlock)) {
    ctx.reply.error(`ERR ${ctx.command.name.toUpperCase()} isn't allowed for a DENY BLOCKING client`);
    return;
  }
  for (let i = 1; i < ctx.argc; i++) {
    const name = argument(ctx, i);
    server.pubsub.subscribe(kind, client, name);
    confirm(ctx, server, kind, name);
  }
}

function unsubscribe(ctx: CommandContext, server: ServerContext, kind: TopicKind): void {
  const { session } = ctx;
  const { pubsub } = server;
  if (ctx.argc > 1) {
    for (let i = 1; i < ctx.argc; i++) {
      const name = argument(ctx, i);
      pubsub.unsubscribe(kind, session, name);
      confirm(ctx, server, kind, name);
    }
    return;
  }
  const names = session.subscriptions?.[kind];
  if (names === undefined || names.size === 0) {
    confirm(ctx, server, kind, undefined);
    return;
  }
  for (const name of names) {
    pubsub.unsubscribe(kind, session, name);
    confirm(ctx, server, kind, name);
  }
}

/** One frame, even to a client that wants no replies. */
function confirm(ctx: CommandContext, server: ServerContext, kind: TopicKind, name: string | undefined): void {
  const { command, reply, session } = ctx;
  const { subscriptions } = session;
  let count = 0;
  if (subscriptions !== undefined) {
    count =
      kind === 'shardChannels'
        ? subscriptions.shardChannels.size
        : subscriptions.channels.size + subscriptions.patterns.size;
  }
  if (session.replyMode !== ReplyMode.on) {
    server.clients.get(session.id)?.push(confirmation(session.protocol, command.name, name, count));
    return;
  }
  reply.push(3);
  reply.bulkLatin1(command.name);
  if (name === undefined) reply.null();
  else reply.bulkLatin1(name);
  reply.integer(count);
}

function channels(ctx: CommandContext, topics: Topics): void {
  const { reply } = ctx;
  if (ctx.argc > 3) {
    reply.error(errors.unknownSubcommandOrArity(ctx.latin1(1), 'PUBSUB'));
    return;
  }
  const pattern = ctx.argc > 2 ? argument(ctx, 2) : undefined;
  const array = reply.beginDeferred();
  let n = 0;
  for (const name of topics.names()) {
    if (pattern !== undefined && !matches(pattern, name)) continue;
    reply.bulkLatin1(name);
    n++;
  }
  reply.endDeferredArray(array, n);
}

function counts(ctx: CommandContext, topics: Topics): void {
  const { reply } = ctx;
  reply.array((ctx.argc - 2) * 2);
  for (let i = 2; i < ctx.argc; i++) {
    reply.bulk(ctx.bytes, ctx.offset(i), ctx.length(i));
    reply.integer(topics.countOf(argument(ctx, i)));
  }
}
