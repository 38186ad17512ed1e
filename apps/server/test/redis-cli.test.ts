// The everyday modes of `redis-cli` against this server. A mode is a test; what it prints is looked at where a person
// would look.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Server } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { makeCertificate } from './support/certificates.js';
import { missing } from './support/redis.js';
import { connect, start } from './support/server.js';
import { openTerminal, terminalMissing } from './support/terminal.js';

const run = promisify(execFile);

/** Runs it to its end, with `input` as its standard input. */
async function cli(server: Server, words: readonly string[], input = ''): Promise<string> {
  const running = run('redis-cli', ['-p', String(server.port), ...words]);
  running.child.stdin?.end(input);
  return (await running).stdout;
}

/** A key of each type, and a hundred strings beside. */
async function serverWithData(): Promise<Server> {
  const server = await start();
  const client = await connect(server);
  await client.pipeline([
    ...Array.from({ length: 100 }, (_, i) => ['SET', `key:${i}`, `value:${i}`]),
    ['SET', 'long', 'x'.repeat(5000)],
    ['RPUSH', 'list', ...Array.from({ length: 300 }, (_, i) => String(i))],
    ['HSET', 'hash', 'a', '1', 'b', '2'],
    ['SADD', 'set', 'a', 'b', 'c'],
    ['ZADD', 'zset', '1', 'a'],
    ['XADD', 'stream', '*', 'a', '1'],
  ]);
  return server;
}

describe.skipIf(missing('redis-cli'))('redis-cli', () => {
  test('--bigkeys finds the biggest key of each type', async () => {
    const report = await cli(await serverWithData(), ['--bigkeys']);
    expect(report).toContain('Sampled 106 keys in the keyspace!');
    for (const line of [
      'Biggest string found \'"long"\' has 5000 bytes',
      'Biggest   list found \'"list"\' has 300 items',
      'Biggest   hash found \'"hash"\' has 2 fields',
      'Biggest    set found \'"set"\' has 3 members',
      'Biggest   zset found \'"zset"\' has 1 members',
      'Biggest stream found \'"stream"\' has 1 entries',
    ]) {
      expect(report).toContain(line);
    }
  });

  test('--memkeys finds the key that takes most memory of each type', async () => {
    const report = await cli(await serverWithData(), ['--memkeys']);
    expect(report).toMatch(/Biggest string found '"long"' has 5\d{3} bytes/);
    expect(report).toMatch(/Biggest {3}list found '"list"' has \d+ bytes/);
  });

  test('--hotkeys finds the keys that are used most, under an LFU policy', async () => {
    const server = await serverWithData();
    await expect(cli(server, ['--hotkeys'])).rejects.toThrow('An LFU maxmemory policy is not selected');
    const client = await connect(server);
    await client.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu', 'lfu-log-factor', '0');
    await client.pipeline(Array.from({ length: 100 }, () => ['GET', 'key:7']));
    expect(await cli(server, ['--hotkeys'])).toMatch(
      /-+ summary -+\s+Sampled 106 keys .*\s+hot key found with counter: \d+\tkeyname: "key:7"/,
    );
  });

  test('--scan lists the keys, those of a pattern or of a type', async () => {
    const server = await serverWithData();
    const lines = async (...words: string[]): Promise<string[]> => {
      const text = await cli(server, ['--scan', ...words]);
      return text.trim().split('\n').sort();
    };
    expect(await lines()).toHaveLength(106);
    expect(await lines('--pattern', 'key:1?')).toEqual(Array.from({ length: 10 }, (_, i) => `key:${10 + i}`));
    expect(await lines('--pattern', '*st*')).toEqual(['list', 'stream']);
  });

  test('--pipe counts replies and errors', async () => {
    const server = await start();
    const input = `${'*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n'.repeat(2000)}*1\r\n$3\r\nFOO\r\n`;
    const running = run('redis-cli', ['-p', String(server.port), '--pipe']);
    running.child.stdin?.end(input);
    // It ends with an error when there was one.
    const report = await running.then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { stdout: string }).stdout,
    );
    expect(report).toContain('errors: 1, replies: 2001');
  });

  test('--latency measures', async () => {
    const [least, most, average, samples] = (await cli(await start(), ['--raw', '--latency']))
      .trim()
      .split(' ')
      .map(Number);
    expect(samples).toBeGreaterThan(10);
    expect(least).toBeLessThanOrEqual(average!);
    expect(average).toBeLessThanOrEqual(most!);
  });

  test('replies in RESP3, as JSON, as CSV; a last argument from standard input', async () => {
    const server = await serverWithData();
    expect(await cli(server, ['-3', '--no-raw', 'HGETALL', 'hash'])).toBe('1# "a" => "1"\n2# "b" => "2"\n');
    expect(await cli(server, ['--json', 'HGETALL', 'hash'])).toBe('{"a":"1","b":"2"}\n');
    expect(await cli(server, ['--csv', 'LRANGE', 'list', '0', '2'])).toBe('"0","1","2"\n');
    expect(await cli(server, ['-x', 'SET', 'file'], 'contents')).toBe('OK\n');
    expect(await cli(server, ['GET', 'file'])).toBe('contents\n');
  });

  test('--rdb ends with the reason why there is no snapshot', async () => {
    await expect(cli(await start(), ['--rdb', '/dev/null'])).rejects.toThrow('this server takes no replicas');
  });

  describe.skipIf(terminalMissing())('in a terminal', () => {
    test('hints tell the arguments that are still to come, and tab completes', async () => {
      const server = await start();
      const terminal = openTerminal(`redis-cli -p ${server.port}`);
      await terminal.shows('> ');
      terminal.type('SET k v ');
      await terminal.shows(
        '[NX|XX] [GET] [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|KEEPTTL]',
      );
      // Ctrl-U empties the line.
      terminal.type('\x15hgetal\t');
      await terminal.shows('HGETALL');
      await terminal.shows('key');
      terminal.type('\x15config rese\t');
      await terminal.shows('CONFIG RESETSTAT');
      terminal.type('\x15xadd s ');
      await terminal.shows(
        '[NOMKSTREAM] [MAXLEN|MINID [=|~] threshold [LIMIT count]] *|id field value [field value ...]',
      );
      terminal.type('\x15quit\r');
    });

    test('help explains a command and a group', async () => {
      const server = await start();
      const terminal = openTerminal(`redis-cli -p ${server.port}`);
      await terminal.enter('help getex');
      await terminal.shows('GETEX key [EX seconds|PX milliseconds|');
      await terminal.shows('Read a string and change when its key goes');
      await terminal.shows('6.2.0');
      await terminal.enter('help @geo');
      await terminal.shows('Find places inside a circle or a box');
      await terminal.enter('quit');
    });

    test('--stat shows keys, memory and clients', async () => {
      const server = await serverWithData();
      const terminal = openTerminal(`redis-cli -p ${server.port} --stat -i 0.1`);
      await terminal.shows('keys       mem      clients blocked requests            connections');
      await terminal.shows('\n106 ');
      await terminal.shows('\n106 ');
    });

    test('MONITOR shows the commands of others', async () => {
      const server = await start();
      const terminal = openTerminal(`redis-cli -p ${server.port} MONITOR`);
      await terminal.shows('OK');
      await cli(server, ['-n', '3', 'SET', 'a key', 'v\r\n']);
      await terminal.shows('[3 127.0.0.1:');
      await terminal.shows('"SET" "a key" "v\\r\\n"');
    });

    test.each(['', '-3'])('SUBSCRIBE shows messages, and which channels there are %s', async (protocol) => {
      const server = await start();
      const terminal = openTerminal(`redis-cli ${protocol} -p ${server.port}`);
      await terminal.enter('SUBSCRIBE news weather');
      await terminal.shows('1) "subscribe"\r\n2) "news"\r\n3) (integer) 1');
      await terminal.shows('1) "subscribe"\r\n2) "weather"\r\n3) (integer) 2');
      expect(await cli(server, ['PUBLISH', 'weather', 'rain'])).toBe('1\n');
      await terminal.shows('1) "message"\r\n2) "weather"\r\n3) "rain"');
    });

    test('PSUBSCRIBE shows keyspace events', async () => {
      const server = await start();
      await cli(server, ['CONFIG', 'SET', 'notify-keyspace-events', 'KEA']);
      const terminal = openTerminal(`redis-cli -p ${server.port} --csv PSUBSCRIBE '__key*__:*'`);
      await terminal.shows('"psubscribe","__key*__:*",1');
      await cli(server, ['SET', 'k', 'v', 'PX', '20']);
      for (const event of ['set', 'expire', 'expired']) {
        await terminal.shows(`"pmessage","__key*__:*","__keyspace@0__:k","${event}"`);
        await terminal.shows(`"pmessage","__key*__:*","__keyevent@0__:${event}","k"`);
      }
    });

    test('--tls gives the same terminal', async () => {
      const { certFile, keyFile } = makeCertificate('localhost', { isAuthority: true });
      const server = await start({
        tlsPort: 0,
        config: { 'tls-cert-file': certFile, 'tls-key-file': keyFile, 'tls-ca-cert-file': certFile },
      });
      const shown = `--tls --cacert ${certFile} --cert ${certFile} --key ${keyFile}`;
      const terminal = openTerminal(`redis-cli -p ${server.tlsPort} ${shown}`);
      await terminal.shows(`127.0.0.1:${server.tlsPort}`);
      await terminal.enter('HSET h f v');
      await terminal.shows('(integer) 1');
      await terminal.enter('SUBSCRIBE news');
      await terminal.shows('3) (integer) 1');
      await cli(server, ['PUBLISH', 'news', 'over TLS']);
      await terminal.shows('3) "over TLS"');
    });

    test('--latency-history and --latency-dist draw', async () => {
      const server = await start();
      await openTerminal(`redis-cli -p ${server.port} -i 1 --latency-history`).shows('seconds range');
      await openTerminal(`redis-cli -p ${server.port} -i 1 --latency-dist`).shows('milliseconds');
    });
  });
});
