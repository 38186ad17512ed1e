// CONFIG, INFO, MEMORY, DEBUG, persistence and scripting stubs, with replies of redis-server 7.0.15 as literals.

import { describe, expect, test } from 'vitest';
import { formatBytes } from './format-bytes.js';
import { payload, START, TestServer } from './server.fixture.js';

const bytes = (text: string): [Uint8Array, number, number] => [Buffer.from(text), 0, Buffer.byteLength(text)];
const setString = (server: TestServer, key: string, value: string, expiresAt?: number): void => {
  const db = server.keyspace.databases[0]!;
  db.setString(...bytes(key), ...bytes(value), false);
  if (expiresAt !== undefined) db.setExpireAt(db.lookupWrite(...bytes(key)), expiresAt);
};
const SYNTAX = '-ERR syntax error\r\n';

describe('CONFIG', () => {
  test.each([
    ['CONFIG', "-ERR wrong number of arguments for 'config' command\r\n"],
    ['CONFIG FOO', "-ERR unknown subcommand 'FOO'. Try CONFIG HELP.\r\n"],
    ['CONFIG GET', "-ERR wrong number of arguments for 'config|get' command\r\n"],
    ['CONFIG GET nosuch', '*0\r\n'],
    ['CONFIG GET MAXMEMORY', '*2\r\n$9\r\nMAXMEMORY\r\n$1\r\n0\r\n'],
    ['CONFIG GET maxmemory MAXMEMORY', '*2\r\n$9\r\nmaxmemory\r\n$1\r\n0\r\n'],
    ['CONFIG GET [ab]PPENDONL?', '*2\r\n$10\r\nappendonly\r\n$2\r\nno\r\n'],
    ['CONFIG GET replica-p*', '*2\r\n$16\r\nreplica-priority\r\n$3\r\n100\r\n'],
    ['CONFIG GET slave-priority', '*2\r\n$14\r\nslave-priority\r\n$3\r\n100\r\n'],
    ['CONFIG SET port', "-ERR wrong number of arguments for 'config|set' command\r\n"],
    ['CONFIG SET foo bar zap', SYNTAX],
    ['CONFIG SET foo bar', "-ERR Unknown option or number of arguments for CONFIG SET - 'foo'\r\n"],
    ['CONFIG SET maxmemory 1mb hz 20', '+OK\r\n'],
    ['CONFIG REWRITE', '-ERR The server is running without a config file\r\n'],
    ['CONFIG REWRITE x', "-ERR wrong number of arguments for 'config|rewrite' command\r\n"],
    ['CONFIG RESETSTAT', '+OK\r\n'],
  ])('%s', (line, reply) => {
    expect(new TestServer().run(line)).toBe(reply);
  });

  test('GET * has every parameter', () => {
    const server = new TestServer();
    expect(server.run('CONFIG GET *')).toMatch(/^\*396\r\n/);
    server.run('HELLO 3');
    expect(server.run('CONFIG GET *')).toMatch(/^%198\r\n/);
  });

  test('SET of a protected parameter wants a local client where local is allowed', () => {
    const server = new TestServer();
    server.config.loadRecord({ 'enable-protected-configs': 'local' });
    expect(server.run('CONFIG SET dbfilename x.rdb')).toBe('+OK\r\n');
    server.me.isLocal = false;
    expect(server.run('CONFIG SET dbfilename y.rdb')).toMatch(/can't set protected config/);
  });

  test('RESETSTAT sets counters to zero', () => {
    const server = new TestServer();
    server.run('FOO');
    server.keyspace.stats.hits = 5;
    server.context.statistics.netInputBytes = 5;
    server.run('CONFIG RESETSTAT');
    const info = server.run('INFO all');
    expect(info).toContain('keyspace_hits:0\r\n');
    expect(info).toContain('total_net_input_bytes:0\r\n');
    expect(info).not.toContain('errorstat_');
  });
});

describe('INFO', () => {
  const titles = (reply: string): string[] => (reply.match(/^# \w+/gm) ?? []).map((title) => title.slice(2));
  const byDefault = 'Server Clients Memory Persistence Stats Replication CPU Modules Errorstats Cluster Keyspace';

  test('has the sections that were asked for, in a fixed order', () => {
    const server = new TestServer();
    expect(titles(server.run('INFO'))).toEqual(byDefault.split(' '));
    expect(titles(server.run('INFO default'))).toEqual(byDefault.split(' '));
    expect(titles(server.run('INFO all')).length).toBe(13);
    expect(titles(server.run('INFO everything')).length).toBe(13);
    expect(titles(server.run('INFO cpu REPLICATION'))).toEqual(['Replication', 'CPU']);
    expect(titles(server.run('INFO default commandstats')).length).toBe(12);
    expect(server.run('INFO nosuch')).toBe('$0\r\n\r\n');
    expect(server.run('INFO keyspace')).toBe('$12\r\n# Keyspace\r\n\r\n');
  });

  test('separates sections by a blank line and ends without one', () => {
    const text = payload(new TestServer().run('INFO replication cluster'));
    expect(text).toMatch(/^# Replication\r\nrole:master\r\n[^#]*\r\n\r\n# Cluster\r\ncluster_enabled:0\r\n$/);
  });

  test('names the versions', () => {
    const text = new TestServer().run('INFO server');
    expect(text).toContain('redis_version:7.2.4\r\nclone_version:0.1.0\r\n');
    expect(text).toContain('listener0:name=tcp,bind=*,bind=-::*,port=6379\r\n');
  });

  test('counts what commands did', () => {
    const server = new TestServer();
    server.run('CLIENT ID');
    server.run('CLIENT KILL foo');
    server.run('CLIENT ID x');
    server.run('AUTH foo bar');
    const text = server.run('INFO commandstats errorstats stats');
    expect(text).toContain('cmdstat_client|id:calls=1,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0\r\n');
    expect(text).toContain('cmdstat_client|kill:calls=1,usec=0,usec_per_call=0.00,rejected_calls=0,failed_calls=1\r\n');
    expect(text).toContain('# Errorstats\r\nerrorstat_ERR:count=2\r\nerrorstat_WRONGPASS:count=1\r\n');
    expect(text).toContain('total_commands_processed:3\r\n');
    expect(text).toContain('total_error_replies:3\r\n');
    expect(text).toContain('acl_access_denied_auth:1\r\n');
  });

  test('shows databases with keys, memory and the state of the AOF', () => {
    const server = new TestServer();
    setString(server, 'a', 'b');
    setString(server, 'c', 'd', START + 1000);
    expect(payload(server.run('INFO keyspace'))).toBe('# Keyspace\r\ndb0:keys=2,expires=1,avg_ttl=0\r\n');
    expect(server.run('INFO memory')).toContain(`used_memory:${server.keyspace.usedMemory}\r\n`);
    expect(server.run('INFO persistence')).not.toContain('aof_current_size');
    server.context.aof = { ...server.context.aof, enabled: true, currentSize: 246, lastWriteOk: false };
    const text = server.run('INFO persistence');
    expect(text).toContain('aof_enabled:1\r\n');
    expect(text).toContain('aof_current_size:246\r\n');
    expect(text).toContain('aof_last_write_status:err\r\n');
  });

  test('writes bytes for people', () => {
    expect([0, 1023, 1024, 1286680, 25276514304].map(formatBytes)).toEqual(['0B', '1023B', '1.00K', '1.23M', '23.54G']);
  });
});

describe('MEMORY', () => {
  test.each([
    ['MEMORY', "-ERR wrong number of arguments for 'memory' command\r\n"],
    ['MEMORY FOO', "-ERR unknown subcommand 'FOO'. Try MEMORY HELP.\r\n"],
    ['MEMORY USAGE', "-ERR wrong number of arguments for 'memory|usage' command\r\n"],
    ['MEMORY USAGE nosuch', '$-1\r\n'],
    ['MEMORY USAGE nosuch samples x', '-ERR value is not an integer or out of range\r\n'],
    ['MEMORY USAGE a SAMPLES', SYNTAX],
    ['MEMORY USAGE a SAMPLES -1', SYNTAX],
    ['MEMORY USAGE a FOO 1', SYNTAX],
    ['MEMORY STATS x', "-ERR wrong number of arguments for 'memory|stats' command\r\n"],
    ['MEMORY PURGE', '+OK\r\n'],
  ])('%s', (line, reply) => {
    expect(new TestServer().run(line)).toBe(reply);
  });

  test('USAGE is what the keyspace says, whatever the samples', () => {
    const server = new TestServer();
    setString(server, 'a', 'x'.repeat(100));
    const db = server.keyspace.databases[0]!;
    const usage = `:${db.memoryUsage(db.peek(...bytes('a')))}\r\n`;
    expect(server.run('MEMORY USAGE a')).toBe(usage);
    expect(server.run('MEMORY USAGE a samples 5 SAMPLES 0')).toBe(usage);
  });

  test('STATS is a map of 27 figures and one per database with keys', () => {
    const server = new TestServer();
    const pairs = (): number => server.run('MEMORY STATS').match(/\r\n\$\d+\r\n[a-z]/g)?.length ?? 0;
    expect(server.run('MEMORY STATS')).toMatch(/^\*54\r\n\$14\r\npeak.allocated\r\n:/);
    expect(pairs()).toBe(27);
    setString(server, 'a', 'b');
    expect(server.run('MEMORY STATS')).toMatch(/^\*56\r\n/);
    expect(server.run('MEMORY STATS')).toContain('$4\r\ndb.0\r\n*6\r\n$23\r\noverhead.hashtable.main\r\n:5\r\n');
  });
});

describe('DEBUG', () => {
  const open = (): TestServer => {
    const server = new TestServer();
    server.config.loadRecord({ 'enable-debug-command': 'yes' });
    return server;
  };

  test('is refused unless the configuration allows it', () => {
    const refusal =
      '-ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.\r\n';
    const server = new TestServer();
    expect(server.run('DEBUG SLEEP 0')).toBe(refusal);
    expect(server.run('DEBUG')).toBe("-ERR wrong number of arguments for 'debug' command\r\n");
    server.config.loadRecord({ 'enable-debug-command': 'local' });
    expect(server.run('DEBUG SLEEP 0')).toBe('+OK\r\n');
    server.me.isLocal = false;
    expect(server.run('DEBUG SLEEP 0')).toBe(refusal);
  });

  const unknown = (name: string): string =>
    `-ERR unknown subcommand or wrong number of arguments for '${name}'. Try DEBUG HELP.\r\n`;
  test.each([
    ['DEBUG FOO', unknown('FOO')],
    ['DEBUG JMAP', unknown('JMAP')],
    ['DEBUG SLEEP', unknown('SLEEP')],
    ['DEBUG SLEEP x', '+OK\r\n'],
    ['DEBUG SLEEP 0.001', '+OK\r\n'],
    ['DEBUG OBJECT nosuch', '-ERR no such key\r\n'],
    ['DEBUG OBJECT a b c', unknown('OBJECT')],
    ['DEBUG DIGEST', `+${'0'.repeat(40)}\r\n`],
    ['DEBUG DIGEST x', unknown('DIGEST')],
    ['DEBUG DIGEST-VALUE', '*0\r\n'],
    ['DEBUG DIGEST-VALUE nosuch', `*1\r\n+${'0'.repeat(40)}\r\n`],
    ['DEBUG PROTOCOL', unknown('PROTOCOL')],
    [
      'DEBUG PROTOCOL foo',
      '-ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false\r\n',
    ],
    ['DEBUG PROTOCOL push', '-ERR RESP2 is not supported by this command\r\n'],
    ['DEBUG STRINGMATCH-LEN a*c abc', ':1\r\n'],
    ['DEBUG STRINGMATCH-LEN a*c abd', ':0\r\n'],
    ['DEBUG LOADAOF', '-ERR Error trying to load the AOF files, check server logs.\r\n'],
    ['DEBUG LOG', unknown('LOG')],
    ['DEBUG ERROR foo', '-foo\r\n'],
  ])('%s', (line, reply) => {
    expect(open().run(line)).toBe(reply);
  });

  // Taken from a redis-server 7.0.15 with the same keys.
  test('DIGEST is that of redis-server for strings and hashes with and without expiry', () => {
    const server = open();
    setString(server, 'a', 'b');
    setString(server, 'e', 'f', START + 1_000_000);
    const db = server.keyspace.databases[0]!;
    const h = db.createHash(...bytes('h'));
    db.hashSet(h, ...bytes('f'), ...bytes('v'));
    expect(server.run('DEBUG DIGEST-VALUE a e h nosuch')).toBe(
      '*4\r\n+b78559cd22bce6e6df712eb99ce7f3b08e8f8f1f\r\n+20b5e9816c8a2384a640ed11271e76898cf1c017\r\n' +
        `+90c76e9e9f4c62d642a34fc97c7dad503b51f906\r\n+${'0'.repeat(40)}\r\n`,
    );
    expect(server.run('DEBUG DIGEST')).toBe('+81e77e98bd501011bc128e0ce4000e319c8654dd\r\n');
    const third = server.keyspace.databases[3]!;
    third.setString(...bytes('x'), ...bytes('y'.repeat(100)), false);
    setString(server, 'n', '-123');
    const hh = db.createHash(...bytes('hh'));
    for (const [field, value] of [
      ['f1', 'v1'],
      ['f2', '22'],
      ['f3', ''],
    ] as const) {
      db.hashSet(hh, ...bytes(field), ...bytes(value));
    }
    db.setExpireAt(db.lookupWrite(...bytes('hh')), START + 1_000_000);
    expect(server.run('DEBUG DIGEST')).toBe('+d43270b95c8711d6879c76cc372e03e1c8ca9a4c\r\n');
  });

  test('OBJECT describes a value in one line', () => {
    const server = open();
    setString(server, 'a', '12');
    expect(server.run('DEBUG OBJECT a')).toMatch(
      /^\+Value at:0x[0-9a-f]+ refcount:1 encoding:int serializedlength:\d+ lru:\d+ lru_seconds_idle:0\r\n$/,
    );
  });

  test('PROTOCOL has every type in both protocols', () => {
    const server = open();
    const types = 'string integer double null array set map attrib bignum true false verbatim'.split(' ');
    const replies = (): string[] => types.map((type) => server.run(`DEBUG PROTOCOL ${type}`));
    expect(replies()).toEqual(PROTOCOL_2);
    server.run('HELLO 3');
    expect([...replies(), server.run('DEBUG PROTOCOL push')]).toEqual(PROTOCOL_3);
  });

  test('LOG, SET-ACTIVE-EXPIRE and LOADAOF reach the server', () => {
    const server = open();
    expect(server.run('DEBUG LOG hello')).toBe('+OK\r\n');
    expect(server.log).toEqual(['warning DEBUG LOG: hello']);
    expect(server.run('DEBUG SET-ACTIVE-EXPIRE 0')).toBe('+OK\r\n');
    expect(server.context.activeExpire).toBe(false);
    expect(server.run('DEBUG SET-ACTIVE-EXPIRE 1')).toBe('+OK\r\n');
    expect(server.context.activeExpire).toBe(true);
    server.context.aof = { ...server.context.aof, enabled: true };
    expect(server.run('DEBUG LOADAOF')).toBe('');
    expect(server.run('DEBUG RELOAD')).toBe('');
    expect(server.run('DEBUG RELOAD nosave')).toBe('');
    expect(server.reloadedBy).toEqual(['3', '3 rewritten', '3']);
    expect(server.run('DEBUG RELOAD NOSAVE NOFLUSH')).toMatch(/^-ERR DEBUG RELOAD with MERGE or NOFLUSH needs RDB/);
    server.me.session.mayBlock = false;
    expect(server.run('DEBUG RELOAD')).toBe('-ERR the data cannot be loaded again inside a transaction or script\r\n');
    expect(server.reloadedBy).toHaveLength(3);
  });

  test('CHANGE-REPL-ID and PAUSE-CRON change what they say', () => {
    const server = open();
    expect(server.run('DEBUG CHANGE-REPL-ID')).toBe('+OK\r\n');
    expect(server.run('INFO replication')).toContain(`master_replid:${'c'.repeat(40)}\r\n`);
    expect(server.run('DEBUG PAUSE-CRON 1')).toBe('+OK\r\n');
    expect(server.context.cronPaused).toBe(true);
    expect(server.run('DEBUG PAUSE-CRON no')).toBe('+OK\r\n');
    expect(server.context.cronPaused).toBe(false);
  });

  test('OBJECT fast leaves out what takes time', () => {
    const server = open();
    setString(server, 'a', '12');
    expect(server.run('DEBUG OBJECT a fast')).toMatch(
      /^\+Value at:0x[0-9a-f]+ refcount:1 encoding:int lru:\d+ lru_seconds_idle:0\r\n$/,
    );
  });

  test('HTSTATS counts slots and entries, in full also how the entries lie', () => {
    const server = open();
    server.run('DEBUG POPULATE 1000');
    const [, slots, entries] = /table size: (\d+)\n number of elements: (\d+)\n/.exec(server.run('DEBUG HTSTATS 0'))!;
    expect(entries).toBe('1000');
    const full = server.run('DEBUG HTSTATS 0 full');
    const lengths = [...full.matchAll(/^ {3}(\d+): (\d+) \(/gm)].map(
      ([, length, n]) => [Number(length), Number(n)] as const,
    );
    expect(lengths.reduce((sum, [, n]) => sum + n, 0)).toBe(Number(slots));
    expect(lengths.reduce((sum, [length, n]) => sum + length * n, 0)).toBe(1000);
    expect(full).toContain('[Expires HT]\nHash table 0 stats (main hash table):\nNo stats available for empty dict');
    expect(server.run('DEBUG HTSTATS 1')).toMatch(/^\$189\r\n\[Dictionary HT\]\nHash table 0 stats/);
  });

  test('HTSTATS-KEY tells of the dictionary of a big value', () => {
    const server = open();
    for (let i = 0; i < 200; i++) server.run(`SADD s member${i}`);
    expect(server.run('DEBUG HTSTATS-KEY s')).toContain('number of elements: 200\n');
  });

  test('POPULATE counts for no change, and FUNCTION FLUSH for one, as in Redis', () => {
    const server = open();
    server.run('DEBUG POPULATE 10');
    expect(server.run('INFO persistence')).toContain('rdb_changes_since_last_save:0\r\n');
    server.run('FUNCTION FLUSH');
    expect(server.run('INFO persistence')).toContain('rdb_changes_since_last_save:1\r\n');
  });

  test('POPULATE refuses a size that no string may have, before it makes any', () => {
    const server = open();
    expect(server.run('DEBUG POPULATE 5 k 536870913')).toMatch(/^-ERR string exceeds maximum allowed size/);
    expect(server.run('DBSIZE')).toBe(':0\r\n');
  });

  test('LISTPACK and QUICKLIST tell the log', () => {
    const server = open();
    server.run('HSET h f v');
    expect(server.run('DEBUG LISTPACK h')).toBe('+Listpack structure printed on stdout\r\n');
    expect(server.log[0]).toMatch(/^notice DEBUG: 'h' is a listpack, \d+ bytes with its key$/);
  });
});

describe('BGREWRITEAOF and SHUTDOWN', () => {
  test('BGREWRITEAOF says what became of it', () => {
    const server = new TestServer();
    expect(server.run('BGREWRITEAOF')).toBe('+Background append only file rewriting started\r\n');
    server.rewriteStart = 'in progress';
    expect(server.run('BGREWRITEAOF')).toBe('-ERR Background append only file rewriting already in progress\r\n');
    server.rewriteStart = 'scheduled';
    expect(server.run('BGREWRITEAOF')).toBe('+Background append only file rewriting scheduled\r\n');
    expect(server.run('BGREWRITEAOF x')).toBe("-ERR wrong number of arguments for 'bgrewriteaof' command\r\n");
  });

  test.each(['FOO', 'ABORT NOW', 'SAVE NOSAVE', 'NOSAVE SAVE', 'NOW NOW SAVE NOSAVE', 'ABORT SAVE', 'NOW FOO'])(
    'SHUTDOWN %s is a syntax error',
    (options) => {
      const server = new TestServer();
      expect(server.run(`SHUTDOWN ${options}`)).toBe(SYNTAX);
      expect(server.shutdowns).toEqual([]);
    },
  );

  test('SHUTDOWN has no reply unless it is refused', () => {
    const server = new TestServer();
    expect(server.run('SHUTDOWN')).toBe('');
    expect(server.run('SHUTDOWN nosave NOW FORCE')).toBe('');
    expect(server.shutdowns).toEqual([
      { save: undefined, now: false, force: false },
      { save: false, now: true, force: true },
    ]);
    server.shutdownRefusal = 'ERR Errors trying to SHUTDOWN. Check logs.';
    expect(server.run('SHUTDOWN SAVE')).toBe('-ERR Errors trying to SHUTDOWN. Check logs.\r\n');
  });

  test('SHUTDOWN ABORT takes back a shutdown that is under way', () => {
    const server = new TestServer();
    expect(server.run('SHUTDOWN ABORT')).toBe('-ERR No shutdown in progress.\r\n');
    server.shuttingDown = true;
    expect(server.run('SHUTDOWN ABORT')).toBe('+OK\r\n');
  });
});

const SCRIPT_FLUSH = '-ERR SCRIPT FLUSH only support SYNC|ASYNC option\r\n';
test.each([
  ['SCRIPT FLUSH', '+OK\r\n'],
  ['SCRIPT FLUSH ASYNC', '+OK\r\n'],
  ['SCRIPT FLUSH foo', SCRIPT_FLUSH],
  ['SCRIPT FLUSH SYNC x', SCRIPT_FLUSH],
  ['SCRIPT FOO', "-ERR unknown subcommand 'FOO'. Try SCRIPT HELP.\r\n"],
  ['FUNCTION FLUSH', '+OK\r\n'],
  ['FUNCTION FLUSH sync', '+OK\r\n'],
  ['FUNCTION FLUSH foo', '-ERR FUNCTION FLUSH only supports SYNC|ASYNC option\r\n'],
  [
    'FUNCTION FLUSH ASYNC x',
    "-ERR unknown subcommand or wrong number of arguments for 'FLUSH'. Try FUNCTION HELP.\r\n",
  ],
])('%s', (line, reply) => {
  expect(new TestServer().run(line)).toBe(reply);
});

const PROTOCOL_2 = [
  '$11\r\nHello World\r\n',
  ':12345\r\n',
  '$5\r\n3.141\r\n',
  '$-1\r\n',
  '*3\r\n:0\r\n:1\r\n:2\r\n',
  '*3\r\n:0\r\n:1\r\n:2\r\n',
  '*6\r\n:0\r\n:0\r\n:1\r\n:1\r\n:2\r\n:0\r\n',
  '$39\r\nSome real reply following the attribute\r\n',
  '$37\r\n1234567999999999999999999999999999999\r\n',
  ':1\r\n',
  ':0\r\n',
  '$25\r\nThis is a verbatim\nstring\r\n',
];
const PROTOCOL_3 = [
  '$11\r\nHello World\r\n',
  ':12345\r\n',
  ',3.141\r\n',
  '_\r\n',
  '*3\r\n:0\r\n:1\r\n:2\r\n',
  '~3\r\n:0\r\n:1\r\n:2\r\n',
  '%3\r\n:0\r\n#f\r\n:1\r\n#t\r\n:2\r\n#f\r\n',
  '|1\r\n$14\r\nkey-popularity\r\n*2\r\n$7\r\nkey:123\r\n:90\r\n$39\r\nSome real reply following the attribute\r\n',
  '(1234567999999999999999999999999999999\r\n',
  '#t\r\n',
  '#f\r\n',
  '=29\r\ntxt:This is a verbatim\nstring\r\n',
  '>2\r\n$16\r\nserver-cpu-usage\r\n:42\r\n$40\r\nSome real reply following the push reply\r\n',
];
