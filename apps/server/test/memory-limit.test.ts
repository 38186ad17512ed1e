// `maxmemory` under load: the limit holds, one command above it at most, and nothing goes that could stay.
import type { CommandArgument } from '@clone/resp-codec';
import type { Server } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { Client } from './support/client.js';
import { fill, seededRandom } from './support/data.js';
import { start, turn, until } from './support/server.js';

const OOM = "-OOM command not allowed when used memory > 'maxmemory'.";
/** What a command may add besides its own bytes: rounding to block sizes, and a step of a table's growth. */
const GROWTH_STEP = 20_000;
const LIMIT = 1_000_000;

const POLICIES = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
];

async function limited(policy: string, maxmemory = LIMIT): Promise<{ server: Server; client: Client }> {
  const server = await start({ config: { maxmemory: String(maxmemory), 'maxmemory-policy': policy } });
  return { server, client: new Client(server.connect()) };
}

/** Longer than whatever room is left when `fill` was refused. */
const VALUE = 'x'.repeat(200);

/** A write of varying kind and size. */
function write(random: () => number, expiring: boolean): CommandArgument[] {
  const key = `key:${Math.floor(random() * 100_000)}`;
  const value = 'v'.repeat(Math.floor(random() ** 4 * 5000));
  if (expiring) return ['SET', key, value, 'EX', 1000 + Math.floor(random() * 1000)];
  switch (Math.floor(random() * 4)) {
    case 0:
      return ['HSET', `hash:${key.slice(-3)}`, key, value];
    case 1:
      return ['APPEND', key, value];
    case 2:
      return ['SETRANGE', key, Math.floor(random() * 3000), 'x'];
    default:
      return ['SET', key, value];
  }
}

describe.each(POLICIES)('%s', (policy) => {
  test('holds the limit before every command, and exceeds it by one command at most', async () => {
    const { server, client } = await limited(policy);
    const random = seededRandom(4);
    const expiring = policy.startsWith('volatile');
    let refused = 0;
    let full = 0;
    for (let i = 0; i < 3000; i++) {
      const command = write(random, expiring);
      const before = server.keyspace.usedMemory;
      const reply = await client.call(...command);
      if (typeof reply === 'string' && reply.startsWith('-OOM')) refused++;
      else expect(reply).not.toEqual(expect.stringMatching(/^-(?!WRONGTYPE)/));
      // SETRANGE adds up to 3000 zeros.
      const own = command.join(' ').length + 3000;
      expect(server.keyspace.usedMemory).toBeLessThan(Math.max(before, LIMIT) + own * 1.3 + GROWTH_STEP);
      if (before > LIMIT * 0.9) full++;
      if (i % 20 === 0 && policy !== 'noeviction') {
        expect(Number(await client.info('used_memory'))).toBeLessThanOrEqual(LIMIT);
      }
    }
    expect(full).toBeGreaterThan(500);
    if (policy === 'noeviction') {
      expect(refused).toBeGreaterThan(500);
      expect(await client.info('evicted_keys')).toBe('0');
    } else {
      expect(refused).toBe(0);
      expect(Number(await client.info('evicted_keys'))).toBeGreaterThan(50);
    }
  });
});

describe('a full server', () => {
  test('without eviction refuses what needs memory, and nothing else', async () => {
    const { client } = await limited('noeviction');
    await fill(client, 20_000);
    expect(
      await client.pipeline([
        ['SET', 'k', VALUE],
        ['HSET', 'h', 'f', VALUE],
        ['APPEND', 'key:1', VALUE],
      ]),
    ).toEqual([OOM, OOM, OOM]);
    expect(
      await client.pipeline([['GET', 'key:1'], ['PING'], ['EXPIRE', 'key:2', 100], ['DEL', 'key:1', 'key:3']]),
    ).toEqual([expect.stringMatching(/^v+1$/), 'PONG', 1, 2]);
    await client.call('FLUSHALL');
    expect(await client.call('SET', 'k', VALUE)).toBe('OK');
  });

  test('refuses too when nothing is left that the policy lets go', async () => {
    const { client } = await limited('volatile-lru');
    await client.pipeline(Array.from({ length: 50 }, (_, i) => ['SET', `volatile:${i}`, 'x'.repeat(100), 'EX', 1000]));
    await fill(client, 20_000);
    expect(await client.call('SET', 'k', VALUE)).toBe(OOM);
    expect(await client.call('KEYS', 'volatile:*')).toEqual([]);
    expect(await client.call('GET', 'key:1')).toEqual(expect.any(String));
  });

  test('lets go one key for one that comes', async () => {
    const { client } = await limited('allkeys-lru');
    await fill(client, 30_000);
    const evicted = Number(await client.info('evicted_keys'));
    const extra = 3000;
    await client.pipeline(Array.from({ length: extra }, (_, i) => ['SET', `KEY:${i}`, `${'v'.repeat(50)}${i}`]));
    expect(Number(await client.info('evicted_keys')) - evicted).toBeGreaterThan(extra * 0.9);
    expect(Number(await client.info('evicted_keys')) - evicted).toBeLessThan(extra * 1.1);
  });

  test('lets nothing go below the limit, for what is only read, or for what can never fit', async () => {
    const { client } = await limited('allkeys-random');
    await fill(client, 2000);
    expect(await client.info('evicted_keys')).toBe('0');
    // Requests of half the limit and above it that leave nothing behind.
    expect(await client.call('ECHO', 'x'.repeat(LIMIT / 2))).toHaveLength(LIMIT / 2);
    expect(await client.call('EXISTS', 'x'.repeat(LIMIT * 2))).toBe(0);
    expect(await client.call('SET', 'k', 'x'.repeat(LIMIT * 2))).toBe(OOM);
    expect(await client.info('evicted_keys')).toBe('0');
    expect(await client.call('DBSIZE')).toBe(2000);
  });

  test('counts the bytes of a big write before it takes it in', async () => {
    const { server, client } = await limited('allkeys-lru');
    await fill(client, 30_000);
    expect(await client.call('SET', 'big', 'x'.repeat(LIMIT / 2))).toBe('OK');
    expect(server.keyspace.usedMemory).toBeLessThan(LIMIT + GROWTH_STEP);
  });

  test('frees what was dropped before it lets keys go', async () => {
    const { client } = await limited('allkeys-lru', 3_000_000);
    const fields = Array.from({ length: 10_000 }, (_, i) => [`field:${i}`, 'v'.repeat(30)]).flat();
    await client.call('HSET', 'big', ...fields);
    await fill(client, 10_000);
    const evicted = Number(await client.info('evicted_keys'));
    await client.pipeline([
      ['UNLINK', 'big'],
      ['SET', 'huge', 'x'.repeat(700_000)],
    ]);
    expect(Number(await client.info('evicted_keys')) - evicted).toBeLessThan(20);
  });
});

describe('CONFIG SET maxmemory', () => {
  test('to less than is in use is reached in slices, while writes go on', async () => {
    const server = await start({ config: { 'maxmemory-policy': 'allkeys-lru' } });
    const client = new Client(server.connect());
    await fill(client, 60_000);
    const used = server.keyspace.usedMemory;
    const limit = Math.floor(used / 3);
    const [, size] = await client.pipeline([['CONFIG', 'SET', 'maxmemory', limit], ['DBSIZE']]);
    expect(size).toBeGreaterThan(55_000);
    let turns = 0;
    let written = 0;
    while (server.keyspace.usedMemory > limit) {
      // As much as a socket delivers at a time, more than a slice frees.
      const before = server.keyspace.usedMemory;
      const replies = await client.pipeline(
        Array.from({ length: 400 }, () => ['SET', `new:${written++}`, 'v'.repeat(150)]),
      );
      expect(new Set(replies)).toEqual(new Set(['OK']));
      expect(server.keyspace.usedMemory).toBeLessThan(before + GROWTH_STEP);
      turns++;
      await turn();
    }
    expect(turns).toBeGreaterThan(3);
    expect(Number(await client.info('evicted_keys'))).toBeGreaterThan(30_000);
  });

  test('is reached without any client', async () => {
    const server = await start({ config: { 'maxmemory-policy': 'allkeys-random' } });
    const client = new Client(server.connect());
    await fill(client, 20_000);
    const limit = Math.floor(server.keyspace.usedMemory / 2);
    await client.call('CONFIG', 'SET', 'maxmemory', limit);
    await until(() => server.keyspace.usedMemory <= limit);
    expect(await client.call('DBSIZE')).toBeGreaterThan(5000);
  });

  test('to nothing lets everything in again', async () => {
    const { client } = await limited('noeviction');
    await fill(client, 20_000);
    expect(await client.call('SET', 'k', VALUE)).toBe(OOM);
    await client.call('CONFIG', 'SET', 'maxmemory', 0);
    expect(await client.call('SET', 'k', VALUE)).toBe('OK');
  });
});
