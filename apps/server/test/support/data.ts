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

const BIG = 6_000;
const element = (i: number): string => `element ${i} ${'x'.repeat(i % 90)}`;

/** A value of each type with so many elements that a rewrite shows it in parts. */
export function bigValues(): CommandArgument[][] {
  const all = Array.from({ length: BIG }, (_, i) => i);
  const perCommand = 500;
  const commands: CommandArgument[][] = [['XGROUP', 'CREATE', 'stream', 'g', '0', 'MKSTREAM']];
  for (let from = 0; from < BIG; from += perCommand) {
    const some = all.slice(from, from + perCommand);
    commands.push(
      ['HSET', 'hash', ...some.flatMap((i) => [`f${i}`, `value ${i}`])],
      ['SADD', 'set', ...some.map((i) => `m${i}`)],
      ['ZADD', 'zset', ...some.flatMap((i) => [(i * 7919) % BIG, `m${i}`])],
      ['RPUSH', 'list', ...some.map(element)],
      ['HPEXPIRE', 'hash', 10_000_000 + from, 'FIELDS', 20, ...some.slice(0, 20).map((i) => `f${i}`)],
    );
  }
  commands.push(...all.map((i): CommandArgument[] => ['XADD', 'stream', `${i + 1}-0`, 'field', `value ${i}`]));
  commands.push(['XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', BIG / 2, 'STREAMS', 'stream', '>']);
  return commands;
}

/** Changes of them, and of their keys. */
export function bigChanges(count: number, random: () => number): CommandArgument[][] {
  const any = (n: number): number => Math.floor(random() * n);
  const one = <T>(list: readonly T[]): T => list[any(list.length)]!;
  const elementwise: readonly (() => CommandArgument[])[] = [
    () => ['HSET', 'hash', `f${any(BIG)}`, `new ${any(100)}`],
    () => ['HDEL', 'hash', `f${any(BIG)}`, `f${any(BIG)}`],
    () => ['HPEXPIRE', 'hash', 5_000_000 + any(1000), 'FIELDS', 1, `f${any(BIG)}`],
    () => [one(['SADD', 'SREM']), 'set', `m${any(BIG * 2)}`],
    () => ['SPOP', 'set', any(20)],
    () => ['ZADD', 'zset', any(BIG), `m${any(BIG * 2)}`],
    () => ['ZREM', 'zset', `m${any(BIG)}`],
    () => ['ZREMRANGEBYRANK', 'zset', any(BIG), any(BIG)],
    () => [one(['LPUSH', 'RPUSH']), 'list', `new ${any(100)}`],
    () => [one(['LPOP', 'RPOP']), 'list', any(30)],
    () => ['LSET', 'list', any(1000), `set ${any(100)}`],
    () => ['LINSERT', 'list', one(['BEFORE', 'AFTER']), element(any(BIG)), 'inserted'],
    () => ['LREM', 'list', one([1, -1]), element(any(BIG))],
    () => ['LTRIM', 'list', any(20), -any(20) - 1],
    () => ['XADD', 'stream', '*', 'field', any(1000)],
    () => ['XDEL', 'stream', `${any(BIG) + 1}-0`],
    () => ['XTRIM', 'stream', 'MAXLEN', one(['=', '~']), BIG - any(1000)],
    () => ['XREADGROUP', 'GROUP', 'g', one(['c', 'd']), 'COUNT', any(20) + 1, 'STREAMS', 'stream', '>'],
    () => ['XACK', 'stream', 'g', `${any(BIG) + 1}-0`],
    () => ['XCLAIM', 'stream', 'g', 'e', 0, `${any(BIG) + 1}-0`],
  ];
  const keys = ['hash', 'set', 'zset', 'list', 'stream'];
  const whole: readonly (() => CommandArgument[])[] = [
    () => ['COPY', one(keys), `copy ${any(3)}`],
    () => ['RENAME', `copy ${any(3)}`, `renamed ${any(3)}`],
    () => ['PEXPIRE', one(keys), 10_000_000],
    () => ['PERSIST', one(keys)],
    () => ['DEL', `renamed ${any(3)}`],
  ];
  return Array.from({ length: count }, () => one(random() < 0.97 ? elementwise : whole)());
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
