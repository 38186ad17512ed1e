// One line of CLIENT LIST, field by field as Redis 7.2 writes it. Fields of what this server does not have are zero.

import type { Client } from '../server-context.js';

/** @param now milliseconds since the epoch */
export function clientLine(client: Client, now: number): string {
  const { session } = client;
  const { subscriptions } = session;
  const seconds = (since: number): number => Math.max(0, Math.floor((now - since) / 1000));
  const fields: readonly (readonly [string, string | number])[] = [
    ['id', session.id],
    ['addr', session.address],
    ['laddr', session.localAddress],
    ['fd', client.fileDescriptor],
    ['name', session.name],
    ['age', seconds(session.createdAt)],
    ['idle', seconds(session.lastActiveAt)],
    ['flags', flagsOf(client)],
    ['db', session.dbIndex],
    ['sub', subscriptions?.channels.size ?? 0],
    ['psub', subscriptions?.patterns.size ?? 0],
    ['ssub', subscriptions?.shardChannels.size ?? 0],
    ['multi', session.inTransaction ? (session.queue?.count ?? 0) : -1],
    ['qbuf', client.queryBufferLength],
    ['qbuf-free', client.queryBufferFree],
    ['argv-mem', client.argumentMemory],
    ['multi-mem', client.queueMemory],
    ['rbs', replyBufferSize(client.largestReply)],
    ['rbp', client.largestReply],
    ['obl', client.gatheredReplies],
    ['oll', client.pendingPieces],
    ['omem', client.pendingOutput],
    ['tot-mem', client.memory],
    ['events', client.pendingOutput > 0 ? 'rw' : 'r'],
    ['cmd', session.lastCommand?.name ?? 'NULL'],
    ['user', session.user],
    ['redir', session.tracking?.redirection ?? -1],
    ['resp', session.protocol],
    ['lib-name', session.libName],
    ['lib-ver', session.libVer],
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(' ') + '\n';
}

/**
 * Replies are gathered in one buffer for all clients. This is the size that Redis would give a buffer of the client's own: a power of two
 * from 1 KB to 16 KB by its largest reply.
 */
function replyBufferSize(largest: number): number {
  return Math.min(Math.max(2 ** Math.ceil(Math.log2(Math.max(largest, 1))), 1024), 16384);
}

function flagsOf(client: Client): string {
  const { session } = client;
  const flags =
    (session.isMonitor ? 'O' : '') +
    (client.kind === 'pubsub' ? 'P' : '') +
    (session.inTransaction ? 'x' : '') +
    (client.isBlocked ? 'b' : '') +
    (session.tracking !== undefined ? 't' : '') +
    (session.tracking?.isBroken === true ? 'R' : '') +
    (session.tracking?.isBroadcast === true ? 'B' : '') +
    (session.watchedKeyChanged ? 'd' : '') +
    (session.closeAfterReply ? 'c' : '') +
    (client.isUnixSocket ? 'U' : '') +
    (session.noEvict ? 'e' : '') +
    (session.noTouch ? 'T' : '');
  return flags === '' ? 'N' : flags;
}
