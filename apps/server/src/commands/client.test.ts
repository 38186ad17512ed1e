import { describe, expect, test } from 'vitest';
import { payload, TestServer } from './server.fixture.js';

const SYNTAX = '-ERR syntax error\r\n';
const BAD_NAME = '-ERR Client names cannot contain spaces, newlines or special characters.\r\n';

// Replies of redis-server 7.0.15; NO-TOUCH, SETINFO and the lib- fields as of 7.2.
test.each([
  ['CLIENT', "-ERR wrong number of arguments for 'client' command\r\n"],
  ['CLIENT FOO', "-ERR unknown subcommand 'FOO'. Try CLIENT HELP.\r\n"],
  ['CLIENT ID', ':3\r\n'],
  ['CLIENT ID x', "-ERR wrong number of arguments for 'client|id' command\r\n"],
  ['CLIENT GETNAME', '$-1\r\n'],
  ['CLIENT SETNAME foo', '+OK\r\n'],
  ["CLIENT SETNAME ''", '+OK\r\n'],
  ['CLIENT SETNAME a\tb', BAD_NAME],
  ['CLIENT SETNAME é', BAD_NAME],
  ['CLIENT SETINFO lib-name x', '+OK\r\n'],
  ['CLIENT SETINFO foo x', "-ERR Unrecognized option 'foo'\r\n"],
  ['CLIENT SETINFO Lib-Ver \t', '-ERR Lib-Ver cannot contain spaces, newlines or special characters.\r\n'],
  ['CLIENT LIST TYPE foo', "-ERR Unknown client type 'foo'\r\n"],
  ['CLIENT LIST TYPE slave', '$0\r\n\r\n'],
  ['CLIENT LIST TYPE MASTER', '$0\r\n\r\n'],
  ['CLIENT LIST TYPE', SYNTAX],
  ['CLIENT LIST ID', SYNTAX],
  ['CLIENT LIST ID 1 2 x', '-ERR Invalid client ID\r\n'],
  ['CLIENT LIST ID -1 0 999', '$0\r\n\r\n'],
  ['CLIENT LIST FOO', SYNTAX],
  ['CLIENT LIST TYPE normal ID 1', SYNTAX],
  ['CLIENT KILL', "-ERR wrong number of arguments for 'client|kill' command\r\n"],
  ['CLIENT KILL ID', '-ERR No such client\r\n'],
  ['CLIENT KILL 1.2.3.4:99', '-ERR No such client\r\n'],
  ['CLIENT KILL ID x', '-ERR client-id should be greater than 0\r\n'],
  ['CLIENT KILL ID 0', '-ERR client-id should be greater than 0\r\n'],
  ['CLIENT KILL ID 999', ':0\r\n'],
  ['CLIENT KILL TYPE foo', "-ERR Unknown client type 'foo'\r\n"],
  ['CLIENT KILL TYPE pubsub', ':0\r\n'],
  ['CLIENT KILL USER nosuch', "-ERR No such user 'nosuch'\r\n"],
  ['CLIENT KILL USER default SKIPME maybe', SYNTAX],
  ['CLIENT KILL USER default SKIPME yes', ':0\r\n'],
  ['CLIENT KILL ADDR 1.1.1.1:1 LADDR 127.0.0.1:6379', ':0\r\n'],
  ['CLIENT KILL FOO bar', SYNTAX],
  ['CLIENT KILL ID 5 FOO', SYNTAX],
  ['CLIENT KILL ID 5 MAXAGE 10', SYNTAX],
  ['CLIENT KILL SKIPME yes', ':0\r\n'],
  ['CLIENT NO-EVICT maybe', SYNTAX],
  ['CLIENT NO-EVICT on', '+OK\r\n'],
  ['CLIENT NO-TOUCH OFF', '+OK\r\n'],
  ['CLIENT NO-TOUCH 1', SYNTAX],
  ['CLIENT REPLY', "-ERR wrong number of arguments for 'client|reply' command\r\n"],
  ['CLIENT REPLY maybe', SYNTAX],
  ['CLIENT REPLY on', '+OK\r\n'],
])('%j', (line, reply) => {
  expect(new TestServer().run(line)).toBe(reply);
});

describe('CLIENT LIST and INFO', () => {
  test('show the fields of 7.2 in their order', () => {
    const server = new TestServer();
    server.run('CLIENT SETNAME foo');
    server.run('CLIENT SETINFO LIB-NAME lib(x)');
    server.run('CLIENT SETINFO LIB-VER 1.2');
    server.run('CLIENT NO-EVICT on');
    server.run('CLIENT NO-TOUCH on');
    server.now += 5_900;
    const line =
      'id=3 addr=127.0.0.1:50001 laddr=127.0.0.1:6379 fd=8 name=foo age=5 idle=5 flags=eT db=0 sub=0 psub=0 ssub=0 ' +
      'multi=-1 qbuf=26 qbuf-free=20448 argv-mem=0 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0 omem=0 tot-mem=1000 events=r ' +
      'cmd=client|info user=default redir=-1 resp=2 lib-name=lib(x) lib-ver=1.2\n';
    expect(payload(server.run('CLIENT INFO'))).toBe(line);
    const other = server.connect({ address: '/tmp/x.sock:0' });
    other.isUnixSocket = true;
    other.pendingOutput = 7;
    other.pendingPieces = 1;
    const [mine, theirs] = payload(server.run('CLIENT LIST')).split('\n');
    expect(mine).toBe(line.trim().replace('|info', '|list'));
    expect(theirs).toMatch(/^id=4 addr=\/tmp\/x.sock:0 .* flags=U .* oll=1 omem=7 .* events=rw cmd=NULL /);
  });

  test('may be asked for some clients', () => {
    const server = new TestServer();
    server.connect().kind = 'pubsub';
    server.connect();
    const ids = (reply: string): string[] => payload(reply).match(/^id=\d+/gm) ?? [];
    expect(ids(server.run('CLIENT LIST TYPE pubsub'))).toEqual(['id=4']);
    expect(ids(server.run('CLIENT LIST TYPE normal'))).toEqual(['id=3', 'id=5']);
    expect(ids(server.run('CLIENT LIST ID 5 77 3'))).toEqual(['id=5', 'id=3']);
  });
});

describe('CLIENT KILL', () => {
  test('by address ends one, the caller too', () => {
    const server = new TestServer();
    const other = server.connect({ address: '10.0.0.1:1' });
    expect(server.run('CLIENT KILL 10.0.0.1:1')).toBe('+OK\r\n');
    expect([other.killed, server.me.killed]).toEqual([true, false]);
    expect(server.run('CLIENT KILL 127.0.0.1:50001')).toBe('+OK\r\n');
    expect(server.me.killed).toBe(true);
  });

  test('by filter ends who meets all conditions, the caller only with SKIPME no', () => {
    const server = new TestServer();
    const a = server.connect({ address: '10.0.0.1:1', localAddress: '127.0.0.1:6379' });
    const b = server.connect({ address: '10.0.0.1:2', localAddress: '127.0.0.1:6380' });
    expect(server.run('CLIENT KILL TYPE normal LADDR 127.0.0.1:6379 USER default')).toBe(':1\r\n');
    expect([a.killed, b.killed, server.me.killed]).toEqual([true, false, false]);
    expect(server.run('CLIENT KILL ID 3 SKIPME no')).toBe(':1\r\n');
    expect(server.me.killed).toBe(true);
  });
});

describe('CLIENT REPLY', () => {
  test('OFF silences until ON, SKIP the next command', () => {
    const server = new TestServer();
    const replies = ['SKIP', 'x', 'x', 'OFF', 'x', 'SKIP', 'x', 'ON', 'x'].map((mode) =>
      server.run(mode === 'x' ? 'PING' : `CLIENT REPLY ${mode}`),
    );
    expect(replies).toEqual(['', '', '+PONG\r\n', '', '', '', '', '+OK\r\n', '+PONG\r\n']);
  });
});
