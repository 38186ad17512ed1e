// What a program hands to `createServer`: values of JavaScript are taken where their meaning is plain, all else is refused
// in one line that names it.
import { runInNewContext } from 'node:vm';
import { ConfigError, createServer, type ConfigRecord, type ServerOptions } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { start } from './support/server.js';

async function refusal(options: unknown): Promise<string> {
  const failure: unknown = await createServer(options as ServerOptions).then(
    (server) => server.stop(),
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ConfigError);
  const { message } = failure as Error;
  expect(message).not.toContain('\n');
  return message;
}

describe('parameters', () => {
  test.each<readonly [ConfigRecord, string]>([
    [{ maxmemory: 104857600 }, '104857600'],
    [{ maxmemory: 2n ** 60n }, '1152921504606846976'],
    [{ maxmemory: 0 }, '0'],
    [{ maxMemory: '100mb' } as ConfigRecord, '104857600'],
    [{ 'maxmemory-clients': 1048576 }, '1048576'],
    [{ hz: 50 }, '50'],
    [{ 'slowlog-log-slower-than': -1 }, '-1'],
    [{ 'latency-tracking': false }, 'no'],
    [{ 'latency-tracking': true }, 'yes'],
    [{ 'tls-auth-clients': false }, 'no'],
    [{ 'oom-score-adj': true }, 'yes'],
    [{ unixsocketperm: 0o700 }, '700'],
    [{ save: [3600, 1, 60, 100] }, '3600 1 60 100'],
    [{ save: ['3600 1', '60 100'] }, '3600 1 60 100'],
    [{ save: [] }, ''],
    [{ 'latency-tracking-info-percentiles': [50, 99.9] }, '50 99.9'],
    [{ 'latency-tracking-info-percentiles': 50 }, '50'],
    [{ 'oom-score-adj-values': [-1, 0, 1] }, '-1 0 1'],
    [{ requirepass: '1234' }, '1234'],
    [
      { 'client-output-buffer-limit': ['pubsub', 1048576, 0, 0] },
      'normal 0 0 0 slave 268435456 67108864 60 pubsub 1048576 0 0',
    ],
  ])('%o is taken as it is meant', async (config, shown) => {
    const server = await start({ port: false, config });
    expect(server.config.get(Object.keys(config)[0]!.toLowerCase())).toBe(shown);
  });

  const aSize = 'it accepts a size from 0 to 18446744073709551615: a number of bytes, or a text such as 100mb';
  test.each([
    [{ maxmemory: true }, `config: 'maxmemory' cannot be true: ${aSize}`],
    [{ maxmemory: 1.5 }, `config: 'maxmemory' cannot be 1.5: ${aSize}`],
    [{ maxmemory: NaN }, `config: 'maxmemory' cannot be NaN: ${aSize}`],
    [{ maxmemory: 2 ** 60 }, `config: 'maxmemory' cannot be 1152921504606847000: ${aSize}`],
    [{ maxmemory: undefined }, `config: 'maxmemory' cannot be undefined: ${aSize}`],
    [{ maxmemory: null }, `config: 'maxmemory' cannot be null: ${aSize}`],
    [{ maxmemory: ['100mb'] }, `config: 'maxmemory' cannot be [ '100mb' ]: ${aSize}`],
    [{ maxmemory: -1 }, "config: 'maxmemory -1': argument must be a memory value"],
    [{ maxmemory: 'lots' }, "config: 'maxmemory lots': argument must be a memory value"],
    [{ hz: 10n }, "config: 'hz' cannot be 10n: it accepts a whole number from 0 to 2147483647"],
    [{ appendonly: 1 }, "config: 'appendonly' cannot be 1: it accepts true, false, yes or no"],
    [{ appendonly: 'maybe' }, "config: 'appendonly maybe': argument must be 'yes' or 'no'"],
    [{ appendonly: new Boolean(true) }, "'appendonly' cannot be [Boolean: true]"],
    [{ appendfsync: true }, "config: 'appendfsync' cannot be true: it accepts one of everysec, always, no"],
    [{ dir: new URL('file:///tmp') }, "config: 'dir' cannot be URL"],
    [{ logfile: () => undefined }, "config: 'logfile' cannot be [Function: logfile]: it accepts a text"],
    [{ logfile: Symbol('s') }, "config: 'logfile' cannot be Symbol(s): it accepts a text"],
    [{ save: [['3600', '1']] }, "config: 'save' cannot be [ [ '3600', '1' ] ]: it accepts pairs of seconds"],
    [{ save: [3600] }, "config: 'save 3600': Invalid save parameters"],
    [{ unixsocketperm: 700 }, 'argument must be between 0 and 777 inclusive'],
    [{ user: { name: 'alice' } }, "config: 'user' cannot be a value of type object: it accepts a text for each line"],
    [{ user: ['alice on\nmaxmemory 1'] }, "config: 'user' cannot be"],
    [{ maxmemroy: 1000 }, "config: 'maxmemroy': Bad directive or wrong number of arguments (did you mean maxmemory?)"],
    [{ maxmemoryPolicy: 'allkeys-lru' }, 'did you mean maxmemory-policy?'],
    [{ nonsense: true }, "config: 'nonsense': Bad directive"],
    [{ loadmodule: 'x.so' }, 'modules cannot be loaded'],
    [{ port: 7000 }, "config: 'port' is for the daemon: createServer has the option 'port' for it"],
    [{ bind: '0.0.0.0' }, "config: 'bind' is for the daemon: createServer has the option 'host' for it"],
  ])('%o is refused', async (config, message) => {
    expect(await refusal({ config })).toContain(message);
  });

  test('a secret is not shown', async () => {
    expect(await refusal({ config: { requirepass: 1234 } })).toBe(
      "config: 'requirepass' cannot be a value of type number: it accepts a text",
    );
  });

  test.each([[['maxmemory 1']], ['maxmemory 1'], [null], [new Map([['maxmemory', '1']])], [7]])(
    'config %o is refused as a whole',
    async (config) => {
      expect(await refusal({ config })).toMatch(/^config: .* is not valid: it accepts a plain object$/);
    },
  );

  test('an object of another realm is an object, too', async () => {
    const config = runInNewContext("({ maxmemory: '1mb', save: [60, 1] })") as ConfigRecord;
    const server = await createServer({ port: false, config });
    expect(server.config.maxMemory).toBe(1048576);
    expect(server.config.get('save')).toBe('60 1');
    await server.stop();
  });
});

describe('options', () => {
  test.each([
    [{ prot: 7000 }, "createServer: there is no option 'prot' (did you mean port?)"],
    [{ clok: Date.now }, '(did you mean clock?)'],
    [{ maxmemory: '100mb' }, "there is no option 'maxmemory': as a parameter of redis.conf it belongs into 'config'"],
    [{ maxmemroy: '100mb' }, "there is no option 'maxmemroy' (did you mean maxmemory?)"],
    [
      { somethingElse: 1 },
      '(the options are port, tlsPort, host, config, log, clock, fileSystem, processFacts, plainSockets)',
    ],
    [
      { port: '7000' },
      "createServer: 'port' cannot be '7000': it accepts a port number, 0 for any free one, or false for none",
    ],
    [{ port: 65536 }, "'port' cannot be 65536"],
    [{ port: true }, "'port' cannot be true"],
    [{ tlsPort: null }, "'tlsPort' cannot be null"],
    [{ host: '' }, "'host' cannot be '': it accepts an address, or an array of addresses"],
    [{ host: [] }, "'host' cannot be []"],
    [{ log: console }, "'log' cannot be"],
    [{ clock: 1000 }, "'clock' cannot be 1000: it accepts a function that returns milliseconds since the epoch"],
    [{ fileSystem: '/tmp' }, "'fileSystem' cannot be '/tmp': it accepts a FileSystem"],
    [{ plainSockets: 'yes' }, "'plainSockets' cannot be 'yes': it accepts true or false"],
  ])('%o is refused', async (options, message) => {
    expect(await refusal(options)).toContain(message);
  });

  test.each([['redis.conf'], [null], [7000], [['--port', '7000']]])('%o is refused as a whole', async (options) => {
    expect(await refusal(options)).toMatch(/^createServer: .* is not valid: it accepts a plain object$/);
  });

  test('undefined is an option that is not given', async () => {
    const options = { port: undefined, host: undefined, config: undefined, log: undefined, clock: undefined };
    const server = await createServer(options as unknown as ServerOptions);
    expect(server.port).toBeGreaterThan(0);
    await server.stop();
  });
});
