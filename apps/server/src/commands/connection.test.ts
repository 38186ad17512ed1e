import { describe, expect, test } from 'vitest';
import { TestServer } from './server.fixture.js';

// Replies of redis-server 7.0.15, with the version of 7.2.4.
const hello = (id: number): string =>
  '*14\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n7.2.4\r\n$5\r\nproto\r\n:2\r\n$2\r\nid\r\n' +
  `:${id}\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n`;
const WRONGPASS = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';
const NOAUTH_HELLO =
  '-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time\r\n';

describe('HELLO', () => {
  test.each([
    ['HELLO', hello(3)],
    ['HELLO 2', hello(3)],
    ['HELLO 1', '-NOPROTO unsupported protocol version\r\n'],
    ['HELLO 4', '-NOPROTO unsupported protocol version\r\n'],
    ['HELLO x', '-ERR Protocol version is not an integer or out of range\r\n'],
    ['HELLO 99999999999999999999', '-ERR Protocol version is not an integer or out of range\r\n'],
    ['HELLO AUTH default x', '-ERR Protocol version is not an integer or out of range\r\n'],
    ['HELLO 2 AUTH', "-ERR Syntax error in HELLO option 'AUTH'\r\n"],
    ['HELLO 2 AUTH foo', "-ERR Syntax error in HELLO option 'AUTH'\r\n"],
    ['HELLO 2 AUTH foo bar', WRONGPASS],
    ['HELLO 2 AUTH default x', hello(3)],
    ['HELLO 2 SETNAME', "-ERR Syntax error in HELLO option 'SETNAME'\r\n"],
    ['HELLO 2 SETNAME é', '-ERR Client names cannot contain spaces, newlines or special characters.\r\n'],
    ['HELLO 2 SETNAME bar FOO', "-ERR Syntax error in HELLO option 'FOO'\r\n"],
  ])('%s', (line, reply) => {
    expect(new TestServer().run(line)).toBe(reply);
  });

  test('3 answers in RESP3 and names the connection; an error changes neither', () => {
    const server = new TestServer();
    expect(server.run('HELLO 3 SETNAME bar FOO')).toMatch(/^-ERR Syntax/);
    expect(server.me.session).toMatchObject({ protocol: 2, name: '' });
    expect(server.run('HELLO 3 SETNAME foo')).toMatch(/^%7\r\n\$6\r\nserver/);
    expect(server.me.session).toMatchObject({ protocol: 3, name: 'foo' });
  });

  test('without the password only says what version is unknown or what name is wrong', () => {
    const server = new TestServer();
    server.run('CONFIG SET requirepass sec');
    const stranger = server.connect();
    expect(server.send(stranger, 'HELLO', '3')).toBe(NOAUTH_HELLO);
    expect(server.send(stranger, 'HELLO', '9')).toBe('-NOPROTO unsupported protocol version\r\n');
    expect(server.send(stranger, 'HELLO', '3', 'AUTH', 'default', 'bad')).toBe(WRONGPASS);
    expect(stranger.session).toMatchObject({ protocol: 2, authenticated: false });
    expect(server.send(stranger, 'HELLO', '2', 'AUTH', 'default', 'sec')).toBe(hello(4));
    expect(stranger.session.authenticated).toBe(true);
  });
});

describe('AUTH', () => {
  test('without a password set', () => {
    const server = new TestServer();
    expect(server.run('AUTH x')).toBe(
      '-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n',
    );
    expect(server.run('AUTH default x')).toBe('+OK\r\n');
    expect(server.run('AUTH foo x')).toBe(WRONGPASS);
    expect(server.run('AUTH a b c')).toBe('-ERR syntax error\r\n');
    expect(server.run('AUTH')).toBe("-ERR wrong number of arguments for 'auth' command\r\n");
  });

  test('with a password set lets in who knows it, and counts the others', () => {
    const server = new TestServer();
    server.run('CONFIG SET requirepass sec');
    const stranger = server.connect();
    expect(server.send(stranger, 'PING')).toBe('-NOAUTH Authentication required.\r\n');
    for (const wrong of [['bad'], ['secret'], ['default', 'bad'], ['foo', 'sec']]) {
      expect(server.send(stranger, 'AUTH', ...wrong)).toBe(WRONGPASS);
    }
    expect(server.run('PING')).toBe('+PONG\r\n');
    expect(server.send(stranger, 'AUTH', 'sec')).toBe('+OK\r\n');
    expect(server.send(stranger, 'PING')).toBe('+PONG\r\n');
    expect(server.context.statistics.accessDenied.auth).toBe(4);
  });
});

describe('RESET and QUIT', () => {
  test('RESET makes the session a new one but for the library', () => {
    const server = new TestServer();
    for (const line of ['HELLO 3 SETNAME foo', 'SELECT 5', 'CLIENT NO-EVICT on', 'CLIENT NO-TOUCH on'])
      server.run(line);
    server.run('CLIENT SETINFO LIB-NAME lib');
    server.run('CONFIG SET requirepass sec');
    expect(server.run('RESET')).toBe('+RESET\r\n');
    expect(server.me.session).toMatchObject({
      protocol: 2,
      name: '',
      dbIndex: 0,
      noEvict: false,
      noTouch: false,
      libName: 'lib',
      authenticated: false,
    });
    expect(server.run('RESET x')).toBe("-ERR wrong number of arguments for 'reset' command\r\n");
  });

  test('RESET is answered even after CLIENT REPLY OFF', () => {
    const server = new TestServer();
    server.run('CLIENT REPLY OFF');
    expect([server.run('PING'), server.run('RESET'), server.run('PING')]).toEqual(['', '+RESET\r\n', '+PONG\r\n']);
  });

  test('QUIT closes behind its OK', () => {
    const server = new TestServer();
    expect(server.run('QUIT x')).toBe('+OK\r\n');
    expect(server.me.session.closeAfterReply).toBe(true);
  });
});
