// Publish and subscribe. A command that begins or ends several subscriptions sends one frame for each, which RESP3 clients get as
// pushes; they are replies all the same, in their place among the others.

import { errors, replyHelp, ReplyMode, type CommandContext, type Registry } from '@clone/command-registry';
import { integerLength, ReplyWriter } from '@clone/resp-codec';
import { LastText, latin1 } from '../latin1.js';
import { Confirmation, writeConfirmation } from '../pubsub/confirmation.js';
import type { Body } from '../pubsub/message.js';
import { matches } from '../pubsub/patterns.js';
import type { PubSub } from '../pubsub/pub-sub.js';
import type { TopicKind } from '../pubsub/subscriber.js';
import type { Topics } from '../pubsub/topics.js';
import type { ServerContext } from '../server-context.js';

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;

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
  registry.register('spublish', (ctx) => publishToShard(ctx, pubsub));
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
  ctx.reply.integer(pubsub.hasListeners ? pubsub.publish(bodyOf(ctx)) : 0);
}

function publishToShard(ctx: CommandContext, pubsub: PubSub): void {
  ctx.reply.integer(pubsub.shardChannels.size > 0 ? pubsub.publishToShard(bodyOf(ctx)) : 0);
}

/** Who publishes often does so to the same channel. */
const lastChannel = new LastText();

/** The message of a request. As a rule channel and message stand in the request as they will stand in the message. */
function bodyOf(ctx: CommandContext): Body {
  const channel = lastChannel.of(ctx.bytes, ctx.offset(1), ctx.length(1));
  const offset = startOfBulk(ctx, 1);
  const end = ctx.offset(2) + ctx.length(2) + 2;
  if (offset >= 0 && startOfBulk(ctx, 2) === ctx.offset(1) + ctx.length(1) + 2 && isLineEnd(ctx, end - 2)) {
    return { channel, bytes: ctx.bytes, offset, length: end - offset };
  }
  const writer = new ReplyWriter(ctx.length(1) + ctx.length(2) + 64);
  writer.bulk(ctx.bytes, ctx.offset(1), ctx.length(1));
  writer.bulk(ctx.bytes, ctx.offset(2), ctx.length(2));
  return { channel, bytes: writer.buffer, offset: 0, length: writer.length };
}

/** Where argument `i` begins as a bulk string that is written as we write it, its header included; -1 when it is not. */
function startOfBulk(ctx: CommandContext, i: number): number {
  const { bytes, inline } = ctx.request;
  if (inline) return -1;
  const offset = ctx.offset(i);
  const start = offset - 3 - integerLength(ctx.length(i));
  // The parser is lenient about what stands in the places of line ends.
  return bytes[start] === DOLLAR && isLineEnd(ctx, offset - 2) && isLineEnd(ctx, start - 2) ? start : -1;
}

function isLineEnd({ bytes }: CommandContext, at: number): boolean {
  return bytes[at] === CR && bytes[at + 1] === LF;
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
  if (session.replyMode === ReplyMode.on) {
    writeConfirmation(reply, command.name, name, count);
  } else {
    const unasked = new Confirmation(command.name, name, count);
    server.clients.get(session.id)?.push(unasked.begin(session.protocol));
  }
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
