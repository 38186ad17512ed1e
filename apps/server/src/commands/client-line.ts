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
    ['argv-mem', 0],
    ['multi-mem', client.queueMemory],
    ['rbs', 0],
    ['rbp', 0],
    ['obl', 0],
    ['oll', client.pendingOutput > 0 ? 1 : 0],
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
