import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCommandLine, readOptions } from './command-line.js';
import { ConfigError } from './config-error.js';
import { ConfigReader, type Directive } from './config-file.js';
import { Config } from './config.js';
import { PARAMETERS } from './parameters.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'clone-config-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const fresh = (): Config => new Config({ directory });
const loaded = (text: string): Config => {
  const config = fresh();
  config.load(new ConfigReader(directory).text(text, (line) => `test.conf, line ${line}`));
  return config;
};
const readConfigFile = (path: string): Directive[] => new ConfigReader(directory).file(path);
const failed = (name: string, reason: string): string =>
  `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;

describe('the table', () => {
  test('has every name of Redis 7.2 once, 195 with the aliases, and two of our own', () => {
    const names = [...fresh().names()];
    expect(new Set(names).size).toBe(names.length);
    const ours = PARAMETERS.filter((each) => each.ours).map(({ name }) => name);
    expect(ours).toEqual(['aof-load-skip-rejected', 'metrics-bind', 'metrics-port']);
    expect(names).toHaveLength(195 + ours.length);
  });

  test('has parameters that are not listed, and that answer when asked by name', () => {
    expect([...fresh().names()]).not.toContain('key-load-delay');
    expect(fresh().get('key-load-delay')).toBe('0');
  });

  test('has defaults that its own rules accept and leave as they are', () => {
    for (const { name, default: value, multiple, normalize } of PARAMETERS) {
      if (['dir', 'replicaof', 'proc-title-template'].includes(name)) continue;
      expect([name, normalize(multiple && value !== '' ? value.split(' ') : [value], value)]).toEqual([name, value]);
    }
  });
});

// Texts of redis-server 7.0.15.
describe('CONFIG SET', () => {
  const enumeration =
    'argument(s) must be one of the following: volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction';

  test.each([
    ['foo', 'bar', "ERR Unknown option or number of arguments for CONFIG SET - 'foo'"],
    ['ma?memory', '1', "ERR Unknown option or number of arguments for CONFIG SET - 'ma?memory'"],
    ['DATABASES', '3', failed('DATABASES', "can't set immutable config")],
    ['dir', '/', failed('dir', "can't set protected config")],
    ['Maxmemory-Policy', 'x', failed('maxmemory-policy', enumeration)],
    ['slave-priority', 'x', failed('slave-priority', "argument couldn't be parsed into an integer")],
    ['appendonly', 'maybe', failed('appendonly', "argument must be 'yes' or 'no'")],
    ['min-slaves-to-write', '+1', failed('min-slaves-to-write', "argument couldn't be parsed into an integer")],
    ['min-slaves-to-write', '00', failed('min-slaves-to-write', "argument couldn't be parsed into an integer")],
    ['hz', '-1', failed('hz', 'argument must be between 0 and 2147483647 inclusive')],
    ['timeout', '99999999999', failed('timeout', 'argument must be between 0 and 2147483647 inclusive')],
    ['timeout', '9223372036854775808', failed('timeout', "argument couldn't be parsed into an integer")],
    ['maxmemory', '1.5gb', failed('maxmemory', 'argument must be a memory value')],
    ['maxmemory', '50%', failed('maxmemory', 'argument must be a memory value')],
    [
      'proto-max-bulk-len',
      '100',
      failed('proto-max-bulk-len', 'argument must be between 1048576 and 9223372036854775807 inclusive'),
    ],
    ['maxmemory-clients', '101%', failed('maxmemory-clients', 'percentage argument must be less or equal to 100')],
    ['maxmemory-clients', '-5%', failed('maxmemory-clients', 'argument must be a memory or percent value')],
    ['save', '3600 1 300', failed('save', 'Invalid save parameters')],
    ['save', '0 1', failed('save', 'Invalid save parameters')],
    ['save', '10 1  20 2', failed('save', 'Invalid save parameters')],
    [
      'client-output-buffer-limit',
      'normal 0 0',
      failed('client-output-buffer-limit', 'Wrong number of arguments in buffer limit configuration.'),
    ],
    [
      'client-output-buffer-limit',
      'master 0 0 0',
      failed('client-output-buffer-limit', 'Invalid client class specified in buffer limit configuration.'),
    ],
    [
      'client-output-buffer-limit',
      'normal 1mb 2mb x',
      failed(
        'client-output-buffer-limit',
        'Error in hard, soft or soft_seconds setting in buffer limit configuration.',
      ),
    ],
    [
      'notify-keyspace-events',
      'Q',
      failed('notify-keyspace-events', "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."),
    ],
    ['oom-score-adj-values', '1 2', failed('oom-score-adj-values', 'wrong number of arguments')],
    [
      'oom-score-adj-values',
      '1 2 30000',
      failed('oom-score-adj-values', 'Invalid oom-score-adj-values, elements must be between -2000 and 2000.'),
    ],
    [
      'latency-tracking-info-percentiles',
      '50 x',
      failed('latency-tracking-info-percentiles', 'Invalid latency-tracking-info-percentiles parameters'),
    ],
    [
      'latency-tracking-info-percentiles',
      '50 101',
      failed(
        'latency-tracking-info-percentiles',
        'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]',
      ),
    ],
    [
      'shutdown-on-sigint',
      'save nosave',
      failed('shutdown-on-sigint', "shutdown options SAVE and NOSAVE can't be used simultaneously"),
    ],
    [
      'proc-title-template',
      '{bad}',
      failed('proc-title-template', 'template format is invalid or contains unknown variables'),
    ],
    [
      'cluster-announce-hostname',
      'bad_name',
      failed('cluster-announce-hostname', 'Hostnames may only contain alphanumeric characters, hyphens or dots'),
    ],
  ])('%s %j is refused', (name, value, error) => {
    const config = fresh();
    const before = config.get(name.toLowerCase());
    expect(config.set([[name, value]], false)).toBe(error);
    expect(config.get(name.toLowerCase())).toBe(before);
  });

  test.each([
    ['maxmemory', '100mb', '104857600'],
    ['maxmemory', '1K', '1000'],
    ['maxmemory', '', '0'],
    ['maxmemory', '18446744073709551615', '18446744073709551615'],
    ['maxmemory-policy', 'ALLKEYS-LRU', 'allkeys-lru'],
    ['maxmemory-clients', '50%', '50%'],
    ['hz', '0', '1'],
    ['hz', '1000', '500'],
    ['lazyfree-lazy-expire', 'YES', 'yes'],
    ['save', '', ''],
    ['save', '+5 1', '5 1'],
    ['bind', '127.0.0.1 -::1', '127.0.0.1 -::1'],
    ['loglevel', 'nothing', 'nothing'],
    ['notify-keyspace-events', 'KEA', 'AKE'],
    ['notify-keyspace-events', 'KEAn', 'AKE'],
    ['notify-keyspace-events', 'KEg$lshzxetdmn', 'AKEm'],
    ['notify-keyspace-events', 'Kn', 'nK'],
    ['notify-keyspace-events', 'gd$x', 'g$xd'],
    ['shutdown-on-sigterm', 'now force save', 'save now force'],
    ['latency-tracking-info-percentiles', '50 0x10 1e1', '50 16 10'],
    [
      'client-output-buffer-limit',
      'normal 1mb 512kb 60 replica 1gb 0 0',
      'normal 1048576 524288 60 slave 1073741824 0 0 pubsub 33554432 8388608 60',
    ],
    ['proc-title-template', '{title} {port}', '{title} {port}'],
  ])('%s %j reads back as %j', (name, value, shown) => {
    const config = fresh();
    expect(config.set([[name, value]], false)).toBe('');
    expect(config.get(name)).toBe(shown);
  });

  test('of several parameters takes all or none', () => {
    const config = fresh();
    const error = config.set(
      [
        ['maxmemory', '1mb'],
        ['appendfsync', 'nope'],
      ],
      false,
    );
    expect(error).toBe(failed('appendfsync', 'argument(s) must be one of the following: everysec, always, no'));
    expect([config.get('maxmemory'), config.maxMemory]).toEqual(['0', 0]);
  });

  test('refuses a parameter named twice, though an alias counts as another', () => {
    const twice = [
      ['maxmemory', '1'],
      ['MAXMEMORY', '2'],
    ] as const;
    expect(fresh().set(twice, false)).toBe(failed('MAXMEMORY', 'duplicate parameter'));
    const config = fresh();
    const aliased = [
      ['slave-priority', '1'],
      ['replica-priority', '2'],
    ] as const;
    expect(config.set(aliased, false)).toBe('');
    expect([config.get('slave-priority'), config.get('replica-priority')]).toEqual(['2', '2']);
  });

  test('takes protected parameters from who may', () => {
    const config = fresh();
    expect(config.set([['dir', tmpdir()]], true)).toBe('');
    expect(config.dir).toBe(tmpdir());
    expect(config.set([['dir', join(directory, 'nowhere')]], true)).toBe(failed('dir', 'No such file or directory'));
  });

  test('renews the typed fields', () => {
    const config = fresh();
    config.set(
      [
        ['maxmemory', '1gb'],
        ['appendfsync', 'always'],
        ['bind', ''],
        ['requirepass', 'secret'],
      ],
      false,
    );
    expect(config).toMatchObject({ maxMemory: 1073741824, appendFsync: 'always', bind: [], requirePass: 'secret' });
  });

  test('tells hooks of real changes only, and takes all back when one refuses', () => {
    const config = fresh();
    const told: string[] = [];
    config.onChange('maxmemory', (value) => {
      told.push(`maxmemory ${value}`);
      return '';
    });
    config.onChange('port', (value) => {
      told.push(`port ${value}`);
      return value === '1' ? 'Unable to listen on this port. Check server logs.' : '';
    });
    expect(config.set([['maxmemory', '0']], false)).toBe('');
    expect(told).toEqual([]);
    const error = config.set(
      [
        ['maxmemory', '5'],
        ['port', '1'],
      ],
      false,
    );
    expect(error).toBe(failed('port', 'Unable to listen on this port. Check server logs.'));
    expect([config.maxMemory, config.port]).toEqual([0, 6379]);
    expect(told).toEqual(['maxmemory 5', 'port 1', 'maxmemory 0', 'port 6379']);
  });
});

describe('a configuration file', () => {
  test('may hold comments, blank lines, tabs, quotes, upper case and carriage returns', () => {
    const config = loaded(
      '# top\r\n\n\tPORT\t7000 \r\nrequirepass "a \\x62\\n"\nunixsocket \'it\\\'s\'\nbind 127.0.0.1 "-::1"',
    );
    expect(config).toMatchObject({ port: 7000, requirePass: 'a b\n', unixSocket: "it's", bind: ['127.0.0.1', '-::1'] });
  });

  test('adds up its save lines, which replace the default, and forgets them at save ""', () => {
    expect(loaded('save 5 5\nsave 6 6').get('save')).toBe('5 5 6 6');
    expect(loaded('save 5 5\nsave ""\nsave 7 7').get('save')).toBe('7 7');
    expect(loaded('save ""').get('save')).toBe('');
    expect(loaded('').get('save')).toBe('3600 1 300 100 60 10000');
  });

  test.each([
    ['foo bar', "test.conf, line 1: 'foo bar': Bad directive or wrong number of arguments"],
    ['\n\n# x\nport 1 2', "test.conf, line 4: 'port 1 2': wrong number of arguments"],
    ['maxmemory 3mb # comment', "test.conf, line 1: 'maxmemory 3mb # comment': wrong number of arguments"],
    ['port "12', "test.conf, line 1: 'port \"12': Unbalanced quotes in configuration line"],
    ['databases zzz', "test.conf, line 1: 'databases zzz': argument couldn't be parsed into an integer"],
    ['unixsocketperm 1777', "test.conf, line 1: 'unixsocketperm 1777': argument must be between 0 and 777 inclusive"],
    ['appendfilename a/b', "test.conf, line 1: 'appendfilename a/b': appendfilename can't be a path, just a filename"],
    ['include a b', "test.conf, line 1: 'include a b': Bad directive or wrong number of arguments"],
    ['include /nowhere/x', "can't open config file '/nowhere/x': No such file or directory"],
    ['replicaof 1.2.3.4 6379', "test.conf, line 1: 'replicaof 1.2.3.4 6379': replication is not there yet"],
    ['user', "test.conf, line 1: 'user': Bad directive or wrong number of arguments"],
    ['rename-command get', "test.conf, line 1: 'rename-command get': Bad directive or wrong number of arguments"],
    [
      'maxmemroy 1mb',
      "test.conf, line 1: 'maxmemroy 1mb': Bad directive or wrong number of arguments (did you mean maxmemory?)",
    ],
    [
      'hz=20',
      "test.conf, line 1: 'hz=20': Bad directive or wrong number of arguments (the value stands behind a space: hz 20)",
    ],
    ['loadmodule x.so', "test.conf, line 1: 'loadmodule x.so': modules cannot be loaded"],
    ['appendfilename ""', "test.conf, line 1: 'appendfilename \"\"': appendfilename can't be empty"],
  ])('%j is refused in one line', (text, message) => {
    expect(() => loaded(text)).toThrow(new ConfigError(message));
  });

  test('includes other files at their place, by pattern too', () => {
    const included = join(directory, 'included');
    mkdirSync(included);
    writeFileSync(join(included, 'a.conf'), 'hz 20\nmaxclients 5\n');
    writeFileSync(join(included, 'b.conf'), 'hz 30\n');
    const path = join(directory, 'main.conf');
    writeFileSync(path, `hz 11\ninclude "${included}/*.conf"\ninclude ${included}/none*\nmaxclients 6\n`);
    const config = fresh();
    config.load(readConfigFile(path));
    expect([config.hz, config.maxClients]).toEqual([30, 6]);
    writeFileSync(path, `include ${path}\n`);
    expect(() => readConfigFile(path)).toThrow(/includes itself/);
  });

  test('includes by patterns in any part of a path, and counts relative paths from the last dir', () => {
    for (const [name, hz] of [
      ['x1', 21],
      ['x2', 22],
      ['y1', 23],
    ] as const) {
      mkdirSync(join(directory, 'parts', name), { recursive: true });
      writeFileSync(join(directory, 'parts', name, 'part.conf'), `hz ${hz}\n`);
      writeFileSync(join(directory, 'parts', name, '.hidden.conf'), 'hz 99\n');
    }
    const hzOf = (text: string): number => loaded(text).hz;
    expect(hzOf(`include ${directory}/parts/x?/*.conf`)).toBe(22);
    expect(hzOf(`include ${directory}/parts/[!x]*/part.conf`)).toBe(23);
    expect(hzOf(`include ${directory}/parts/x[1]/[a-q]*.conf`)).toBe(21);
    expect(hzOf('dir parts\ninclude x1/part.conf')).toBe(21);
    expect(hzOf('dir parts\ndir x2\ninclude part.conf')).toBe(22);
    expect(() => loaded('include parts')).toThrow(
      `can't open config file '${join(directory, 'parts')}': Is a directory`,
    );
  });

  test('may include a file twice, but no file that includes it', () => {
    writeFileSync(join(directory, 'one.conf'), 'hz 5\n');
    writeFileSync(join(directory, 'first.conf'), 'include second.conf\n');
    writeFileSync(join(directory, 'second.conf'), 'include first.conf\n');
    expect(loaded('include one.conf\ninclude one.conf').hz).toBe(5);
    expect(() => loaded('include first.conf')).toThrow(
      `config file '${directory}/first.conf' includes itself: ${directory}/first.conf includes ${directory}/second.conf includes ${directory}/first.conf`,
    );
  });

  test('keeps the lines of users and renamed commands for who knows what they mean', () => {
    const config = loaded('rename-command GET x\nuser a on\nrename-command SET ""\n');
    expect(config.directives('rename-command').map(({ args, place }) => [args, place])).toEqual([
      [['GET', 'x'], 'test.conf, line 1'],
      [['SET', ''], 'test.conf, line 3'],
    ]);
    expect(config.directives('user').map(({ text }) => text)).toEqual(['user a on']);
  });

  test('names what was changed and has no effect', () => {
    expect(loaded('hz 20\nio-threads 4\nsave ""\ndaemonize no').ignored()).toEqual([
      'io-threads 4 has no effect: one thread reads, executes and writes',
    ]);
  });

  test('names save points that were asked for, also when they are the default, since none is kept', () => {
    const line = (points: string): string =>
      `save ${points} has no effect: nothing is saved to RDB files, which are not there yet`;
    expect(loaded('save 900 1\nsave 300 10').ignored()).toEqual([line('900 1 300 10')]);
    expect(loaded('save 3600 1 300 100 60 10000').ignored()).toEqual([line('3600 1 300 100 60 10000')]);
    expect(loaded('hz 20').ignored()).toEqual([]);
  });

  test('with the parameters of older versions is read', () => {
    expect(
      loaded('list-max-ziplist-entries 5\nlua-replicate-commands yes\nslave-priority 7').get('replica-priority'),
    ).toBe('7');
  });
});

describe('a command line', () => {
  const read = (...args: string[]): Config => {
    const config = fresh();
    config.load(readOptions(parseCommandLine(args), new ConfigReader(directory)));
    return config;
  };

  test('gives options one or several words, together or apart', () => {
    const config = read('--port', '7000', '--bind', '127.0.0.1', '-::1', '--save', '1 2 3 4', '--hz 13');
    expect(config).toMatchObject({ port: 7000, hz: 13, bind: ['127.0.0.1', '-::1'] });
    expect(read('--bind', '127.0.0.1 ::1').get('bind')).toBe('127.0.0.1 ::1');
  });

  test('takes the word behind an option for its value, even one that starts with two dashes', () => {
    expect(read('--requirepass', '--secret--').requirePass).toBe('--secret--');
    expect(() => read('--loglevel', '--hz', '5')).toThrow(
      'command line: \'--loglevel "--hz" "5"\': wrong number of arguments',
    );
  });

  test('reads a lone --save as no snapshots', () => {
    expect([read('--save').get('save'), read('--save', '--port', '1').get('save')]).toEqual(['', '']);
  });

  test('knows a file, standard input, version and help', () => {
    expect(parseCommandLine(['/etc/x.conf', '--port', '1', '-'])).toMatchObject({
      file: '/etc/x.conf',
      stdin: true,
      action: 'run',
    });
    expect(parseCommandLine(['-'])).toMatchObject({ file: undefined, stdin: true });
    expect(parseCommandLine(['-v']).action).toBe('version');
    expect(parseCommandLine(['--help']).action).toBe('help');
  });

  test.each([
    [['--foo', 'bar'], 'command line: \'--foo "bar"\': Bad directive or wrong number of arguments'],
    [['--port'], "command line: '--port': wrong number of arguments"],
    [['--databases', 'zzz'], "command line: '--databases \"zzz\"': argument couldn't be parsed into an integer"],
  ])('%j is refused', (args, message) => {
    expect(() => read(...args)).toThrow(new ConfigError(message));
  });
});

describe('values handed to createServer', () => {
  test('may be texts or lists', () => {
    const config = fresh();
    config.loadRecord({ port: '0', save: ['3600 1', '60 2'], bind: '127.0.0.1 ::1', requirepass: 'a b' });
    expect(config).toMatchObject({ port: 0, bind: ['127.0.0.1', '::1'], requirePass: 'a b' });
    expect(config.get('save')).toBe('3600 1 60 2');
    expect(() => fresh().loadRecord({ prot: '1' })).toThrow(
      "config: 'prot': Bad directive or wrong number of arguments (did you mean port?)",
    );
  });
});

describe('CONFIG REWRITE', () => {
  const rewritten = (content: string, changes: readonly (readonly [string, string])[]): string => {
    const path = join(directory, 'rewrite.conf');
    writeFileSync(path, content);
    const config = new Config({ directory, file: path });
    config.load(readConfigFile(path));
    expect(config.set(changes, false)).toBe('');
    expect(config.rewrite()).toBe('');
    const again = new Config({ directory, file: path });
    again.load(readConfigFile(path));
    for (const name of config.names()) expect([name, again.get(name)]).toEqual([name, config.get(name)]);
    return readFileSync(path, 'utf8');
  };

  // The same lines as redis-server 7.0.15 writes, but for the `user` line and the order of what it adds.
  test('keeps comments and order, empties doubled lines and appends what changed', () => {
    const before =
      '# top comment\nport 17103\n\n# mem\nmaxmemory 100mb\nmaxmemory 200mb\nsave 3600 1\nsave 300 100\n' +
      '  appendonly   no\nslave-priority 50\nrequirepass "a b"\nunixsocketperm 700\n# tail\nhz 10\n';
    const after = rewritten(before, [
      ['save', '10 20'],
      ['hz', '20'],
      ['masterauth', 'x"\n\u0001é'],
      ['client-output-buffer-limit', 'normal 1mb 1000 5'],
      ['auto-aof-rewrite-min-size', '1025'],
      ['proto-max-bulk-len', '1000mb'],
    ]);
    expect(after).toBe(
      '# top comment\nport 17103\n\n# mem\nmaxmemory 200mb\n\nsave 10 20\n\nappendonly no\nreplica-priority 50\n' +
        'requirepass "a b"\nunixsocketperm 700\n# tail\nhz 20\n\n# Generated by CONFIG REWRITE\n' +
        'auto-aof-rewrite-min-size 1025\nclient-output-buffer-limit normal 1mb 1000 5\n' +
        `dir "${directory}"\nmasterauth "x\\"\\n\\x01\\xc3\\xa9"\nproto-max-bulk-len 1000mb\n`,
    );
    expect(rewritten(after, [['save', '']])).toBe(after.replace('save 10 20', 'save ""'));
  });

  test('without a file, or with one that cannot be replaced, is an error', () => {
    expect(fresh().rewrite()).toBe('ERR The server is running without a config file');
    const config = new Config({ directory, file: join(directory, 'nowhere', 'x.conf') });
    expect(config.rewrite()).toBe('ERR Rewriting config file: No such file or directory');
  });
});
