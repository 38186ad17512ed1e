// Data of every kind that the server has, and load that changes it.
import type { CommandArgument } from '@clone/resp-codec';
import type { Client } from './client.js';

/** Strings and hashes in each encoding, with and without expiry, binary, in several databases. */
export function everyKind(): CommandArgument[][] {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const fields = Array.from({ length: 700 }, (_, i) => [`field${i}`, `value${i}`]).flat();
  return [
    ['SET', 'text', 'hello'],
    ['SET', 'integer', 12345],
    ['SET', 'largest', '9223372036854775807'],
    ['SET', 'empty', ''],
    ['SET', bytes, bytes],
    ['SET', 'long', 'x'.repeat(100_000)],
    ['APPEND', 'text', ' world'],
    ['INCRBYFLOAT', 'float', '3.14'],
    ['SETRANGE', 'range', 5, 'abc'],
    ['HSET', 'small', 'a', '1', 'b', bytes],
    ['HSET', 'big', ...fields],
    ['HSET', 'long values', 'f', 'y'.repeat(1000)],
    ['HINCRBYFLOAT', 'small', 'c', '0.5'],
    ['RPUSH', 'list', '1', '-300', '', bytes, 'x'.repeat(100)],
    ['RPUSH', 'long list', ...fields, 'y'.repeat(10_000)],
    ['LPOP', 'long list', 3],
    ['LMOVE', 'long list', 'list', 'RIGHT', 'LEFT'],
    ['LINSERT', 'long list', 'BEFORE', 'value350', 'inserted'],
    ['XADD', 'stream', '1-1', 'a', '1', 'b', bytes],
    ['XADD', 'stream', '*', 'a', '1', 'b', 'x'.repeat(5000)],
    ['XADD', 'stream', 'MAXLEN', '~', 1, '9999999999999-*', 'c', '3'],
    ['XADD', 'stream', '*', 'c', '3'],
    ['XDEL', 'stream', '9999999999999-0'],
    ['XADD', 'empty stream', 'MAXLEN', 0, '5-5', 'f', 'v'],
    ['SET', 'expiring', 'soon', 'EX', 100_000],
    ['HSET', 'expiring hash', 'f', 'v'],
    ['PEXPIRE', 'expiring hash', 100_000_000],
    ['SELECT', 7],
    ['SET', 'elsewhere', 'v', 'PXAT', 4_000_000_000_000],
    ['SET', 'gone', '1'],
    ['GETDEL', 'gone'],
    ['SELECT', 0],
  ];
}

/** Many keys, written in pipelines. */
export async function fill(client: Client, keys: number, valueLength = 50): Promise<void> {
  const value = 'v'.repeat(valueLength);
  for (let i = 0; i < keys; i += 1000) {
    await client.pipeline(
      Array.from({ length: Math.min(1000, keys - i) }, (_, k) => ['SET', `key:${i + k}`, `${value}${i + k}`]),
    );
  }
}

/** One round of changes among `keys` keys; which ones depends on `random`. */
export function changes(count: number, keys: number, random: () => number): CommandArgument[][] {
  const pick = (n: number): number => Math.floor(random() * n);
  return Array.from({ length: count }, () => {
    const key = `key:${pick(keys)}`;
    switch (pick(8)) {
      case 0:
        return ['DEL', key];
      case 1:
        return ['APPEND', key, 'more'];
      case 2:
        return ['INCR', `counter:${pick(100)}`];
      case 3:
        return ['HSET', `hash:${pick(100)}`, `f${pick(200)}`, pick(1000)];
      case 4:
        return ['HDEL', `hash:${pick(100)}`, `f${pick(200)}`];
      case 5:
        return ['PEXPIRE', key, 1_000_000 + pick(1_000_000)];
      case 6:
        return ['RENAME', key, `key:${pick(keys)}`];
      default:
        return ['SET', key, `new${pick(1_000_000)}`];
    }
  });
}

/** A small generator of uniform numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
