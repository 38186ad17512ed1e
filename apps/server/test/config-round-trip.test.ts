// What CONFIG GET shows can be given to CONFIG SET, and survives CONFIG REWRITE and a restart: over the whole table of
// parameters, at their defaults and at other values.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Config, createServer, type Server } from '@clone/server';
import { afterEach, expect, test } from 'vitest';
import { ConfigReader } from '../src/config/config-file.js';
import { InvalidValue, type Parameter } from '../src/config/parameter.js';
import { PARAMETERS } from '../src/config/parameters.js';
import { Client } from './support/client.js';
import { start, temporaryDirectory } from './support/server.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

type Values = Map<string, string>;

async function shown(client: Client): Promise<Values> {
  const flat = (await client.call('CONFIG', 'GET', '*')) as string[];
  const values: Values = new Map();
  for (let i = 0; i < flat.length; i += 2) values.set(flat[i]!, flat[i + 1]!);
  return values;
}

/** Redis refuses these, too, whatever the value. */
const isFixed = ({ mutable, ours }: Parameter): boolean => !mutable && !ours;
const settable = PARAMETERS.filter((parameter) => !isFixed(parameter) && !parameter.hidden);

async function setEachAndAll(client: Client): Promise<void> {
  const before = await shown(client);
  for (const { name, alias = name } of settable) {
    for (const each of new Set([name, alias])) {
      expect([each, await client.call('CONFIG', 'SET', each, before.get(each) ?? 'missing')]).toEqual([each, 'OK']);
    }
  }
  const all = settable.flatMap(({ name }) => [name, before.get(name) ?? 'missing']);
  expect(await client.call('CONFIG', 'SET', ...all)).toBe('OK');
  expect(await shown(client)).toEqual(before);
}

test('every parameter takes the value that CONFIG GET shows, each alone and all at once', async () => {
  const server = await start({ config: { dir: temporaryDirectory(), 'enable-protected-configs': 'yes' } });
  await setEachAndAll(new Client(server.connect()));
});

test('our own parameters that are fixed take no other value', async () => {
  const client = new Client((await start()).connect());
  for (const name of ['metrics-port', 'metrics-bind']) {
    expect(await client.call('CONFIG', 'SET', name, '1')).toBe(
      `-ERR CONFIG SET failed (possibly related to argument '${name}') - can't set immutable config`,
    );
  }
});

/** They decide where it listens, runs or writes, or would need a file. */
const LEFT_ALONE: ReadonlySet<string> = new Set([
  ...['port', 'tls-port', 'bind', 'unixsocket', 'dir', 'logfile', 'aclfile', 'metrics-port', 'metrics-bind'],
  ...['tls-cluster', 'tls-replication', 'enable-protected-configs'],
]);

/** Where the first value that comes to mind would keep the test from going on. */
const CHOSEN: Readonly<Record<string, string>> = {
  maxmemory: '104857600',
  'maxmemory-clients': '50%',
  timeout: '1000',
  'oom-score-adj': 'no',
  save: '60 1000 10 5',
  'client-output-buffer-limit': 'normal 1048576 65536 7 slave 268435456 67108864 60 pubsub 33554432 8388608 61',
  'notify-keyspace-events': 'AKE',
};

function accepts(parameter: Parameter, value: string): string {
  try {
    return parameter.normalize(parameter.multiple ? value.split(' ') : [value], parameter.default);
  } catch (error) {
    if (error instanceof InvalidValue) return parameter.default;
    throw error;
  }
}

/** A value that is not the default; the default where there is none that could be used here. */
function otherValue(parameter: Parameter): string {
  const { name } = parameter;
  if (LEFT_ALONE.has(name) || parameter.unsupported !== undefined) return parameter.default;
  const chosen = CHOSEN[name];
  if (chosen !== undefined) return chosen;
  const number = Number(parameter.default);
  const candidates = [
    ...(parameter.default === 'yes' ? ['no'] : ['yes']),
    ...(Number.isNaN(number) ? [] : [String(number + 1), String(number - 1)]),
    ...[
      'always',
      'local',
      'debug',
      'allkeys-lru',
      'systemd',
      'swapdb',
      'hostname',
      'local7',
      'force',
      'panic',
      'optional',
    ],
    ...['allchannels', '7 8 9', 'a "b" \\c', '{title} x', 'x'],
  ];
  return candidates.map((each) => accepts(parameter, each)).find((each) => each !== parameter.default) ?? '';
}

async function startFrom(file: string, directory: string): Promise<Client> {
  const config = new Config({ directory, file });
  config.load(new ConfigReader(directory).file(file));
  const server = await createServer({ config, port: false });
  servers.push(server);
  const client = new Client(server.connect());
  await client.call('AUTH', otherValue(PARAMETERS.find(({ name }) => name === 'requirepass')!));
  return client;
}

test('other values of every parameter survive CONFIG REWRITE and a restart', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'redis.conf');
  const listed = PARAMETERS.filter(({ hidden }) => !hidden);
  const fixed = listed.filter(({ mutable }) => !mutable).map((each) => [each, otherValue(each)] as const);
  const lines = fixed.flatMap(([each, value]) =>
    value === each.default ? [] : each.toFile(value).map((line) => `${each.name} ${line}`),
  );
  writeFileSync(file, ['enable-protected-configs yes', `dir ${directory}`, ...lines, ''].join('\n'));
  const client = await startFrom(file, directory);
  for (const parameter of settable) {
    const value = otherValue(parameter);
    if (value === parameter.default) continue;
    expect([parameter.name, await client.call('CONFIG', 'SET', parameter.name, value)]).toEqual([parameter.name, 'OK']);
  }
  const before = await shown(client);
  const changed = listed.filter(({ name, default: usual }) => before.get(name) !== usual);
  expect(listed.length - changed.length).toBeLessThan(LEFT_ALONE.size + 6);
  await setEachAndAll(client);
  expect(await client.call('CONFIG', 'REWRITE')).toBe('OK');
  for (const server of servers.splice(0)) await server.stop();
  expect(await shown(await startFrom(file, directory))).toEqual(before);
});
