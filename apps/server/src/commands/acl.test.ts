import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { payload, TestServer, type TestClient } from './server.fixture.js';

let server: TestServer;
beforeEach(() => {
  server = new TestServer();
});

/** A client that has logged in as `alice`, who has these rules beside `on nopass`. */
function alice(rules: string): TestClient {
  expect(server.run(`ACL SETUSER alice on nopass ${rules}`)).toBe('+OK\r\n');
  const client = server.connect();
  expect(server.send(client, 'AUTH', 'alice', 'x')).toBe('+OK\r\n');
  return client;
}

const as = (client: TestClient, line: string): string => server.send(client, ...line.split(' '));

describe('what a user may do', () => {
  const NO_KEY = '-NOPERM No permissions to access a key\r\n';
  const NO_CHANNEL = '-NOPERM No permissions to access a channel\r\n';
  const noCommand = (name: string): string => `-NOPERM User alice has no permissions to run the '${name}' command\r\n`;

  test('who may do everything is not asked about', () => {
    const client = alice('allcommands allkeys allchannels');
    expect(client.session.permissions).toBeUndefined();
    server.run('ACL SETUSER alice resetkeys (~* &* +@all)');
    expect(client.session.permissions).toBeUndefined();
    server.run('ACL SETUSER alice clearselectors');
    expect(client.session.permissions).toBeDefined();
  });

  test.each([
    ['+get ~a', 'GET b', NO_KEY],
    ['+get ~a', 'SET a 1', noCommand('set')],
    ['+get ~a', 'GET', "-ERR wrong number of arguments for 'get' command\r\n"],
    ['+get ~a', 'NOPE', "-ERR unknown command 'NOPE', with args beginning with: \r\n"],
    ['+@all %R~a', 'SET a 1', NO_KEY],
    ['+@all %R~a', 'GET a', '$-1\r\n'],
    ['+@all %W~a', 'GET a', NO_KEY],
    ['+@all %W~a', 'SET a 1', '+OK\r\n'],
    ['+@all %W~a', 'SET a 1 GET', NO_KEY],
    ['+@all %W~a', 'EXISTS a', ':0\r\n'],
    ['+@all %R~a %W~b', 'COPY a b', ':0\r\n'],
    ['+@all %R~a %W~b', 'COPY b a', NO_KEY],
    ['+@all ~a', 'MGET a b', NO_KEY],
    ['+@all ~a', 'ZUNIONSTORE a 1 b', NO_KEY],
    ['+@all ~a', 'ZUNIONSTORE a 7 b', '-ERR syntax error\r\n'],
    ['+client|id', 'CLIENT ID', ':4\r\n'],
    ['+client|id', 'CLIENT LIST', noCommand('client|list')],
    ['+client -client|id', 'CLIENT ID', noCommand('client|id')],
    ['+select|0', 'SELECT 0', '+OK\r\n'],
    ['+select|0', 'SELECT 1', noCommand('select')],
    ['', 'RESET', '+RESET\r\n'],
    // One selector must allow all of a request; the one that came farthest says why not.
    ['+get ~a (+set ~b)', 'SET b 1', '+OK\r\n'],
    ['+get ~a (+set ~b)', 'SET a 1', NO_KEY],
    ['+get ~a (+set ~b)', 'DEL a', noCommand('del')],
    ['+@all ~* resetchannels', 'SORT a BY w_* GET x_*', '*0\r\n'],
    ['+@all ~a', 'SORT a BY w_*', '-ERR BY option of SORT denied due to insufficient ACL permissions.\r\n'],
    ['+@all ~a', 'SORT a GET #', '-ERR GET option of SORT denied due to insufficient ACL permissions.\r\n'],
    ['+@all ~a', 'SORT a BY nothing', '*0\r\n'],
    ['+@all ~a (+get ~*)', 'SORT a BY w_*', '-ERR BY option of SORT denied due to insufficient ACL permissions.\r\n'],
    ['+@all ~a (+sort %R~*)', 'SORT a BY w_*', '*0\r\n'],
  ])('with %j: %s', (rules, line, reply) => {
    expect(as(alice(rules), line)).toBe(reply);
  });

  test.each([
    ['PUBLISH news.a text', '&news.*', true],
    ['PUBLISH other text', '&news.*', false],
    ['SPUBLISH news.a text', '&news.*', true],
    ['SUBSCRIBE news.a other', '&news.*', false],
    ['SSUBSCRIBE other', '&news.*', false],
    ['PSUBSCRIBE news.*', '&news.*', true],
    ['PSUBSCRIBE news.a*', '&news.*', false],
    ['UNSUBSCRIBE other', '&news.*', true],
  ])('%s with %s: %s', (line, rule, allowed) => {
    const reply = as(alice(`+@all ${rule}`), line);
    if (allowed) expect(reply).not.toMatch(/^-NOPERM/);
    else expect(reply).toBe(NO_CHANNEL);
  });

  test('a change of a user changes what his clients may do', () => {
    const client = alice('+@all allkeys');
    expect(as(client, 'SET k 1')).toBe('+OK\r\n');
    server.run('ACL SETUSER alice -set');
    expect(as(client, 'SET k 1')).toBe(noCommand('set'));
    server.run('ACL SETUSER alice +set off');
    expect(as(client, 'SET k 1')).toBe('+OK\r\n');
    expect(client.killed).toBe(false);
  });

  test('a change since it was queued is noticed by EXEC', () => {
    const client = alice('+@all ~k');
    as(client, 'MULTI');
    expect(as(client, 'GET k')).toBe('+QUEUED\r\n');
    as(client, 'SET k 1');
    server.run('ACL SETUSER alice -set resetkeys');
    const changed =
      '-NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: ';
    expect(as(client, 'EXEC')).toBe(
      `*2\r\n${changed}no permission to touch the specified keys\r\n${changed}no permission to execute the command or subcommand\r\n`,
    );
  });

  test('who is deleted is disconnected, and nobody until then', () => {
    const client = alice('+@all allkeys allchannels');
    server.run('CONFIG SET requirepass secret');
    expect(server.run('ACL DELUSER alice bob')).toBe(':1\r\n');
    expect(client.killed).toBe(true);
    expect(client.session).toMatchObject({ user: 'default', authenticated: false });
    expect(server.run('ACL DELUSER bob default')).toBe("-ERR The 'default' user cannot be removed\r\n");
  });
});

describe('who is subscribed to what he may not be any more', () => {
  /** Connects as alice and subscribes; a name with `*` is a pattern. */
  function subscriber(rules: string, subscriptions: readonly string[]): TestClient {
    const client = alice(rules);
    for (const name of subscriptions) {
      expect(as(client, `${name.includes('*') ? 'PSUBSCRIBE' : 'SUBSCRIBE'} ${name}`)).toMatch(/^\*3/);
    }
    return client;
  }

  test.each([
    ['&a &b', 'resetchannels &a', ['a'], false],
    ['&a &b', 'resetchannels &a', ['a', 'b'], true],
    ['&a*', 'resetchannels &a', ['a*'], true],
    ['&a*', 'resetchannels &a* &b', ['a*'], false],
    ['&*', 'resetchannels', ['a'], true],
    ['&*', 'resetchannels &a', ['a'], false],
    ['&a', 'allchannels', ['a'], false],
    ['(+subscribe &a)', 'clearselectors', ['a'], true],
    ['(+subscribe &a)', 'clearselectors (&a)', ['a'], false],
    ['&a', 'reset on nopass (allchannels)', ['a'], false],
    ['&a', '-@all', ['a'], false],
  ])('with %j, then %j, subscribed to %j: disconnected %s', (before, change, subscriptions, killed) => {
    const client = subscriber(`+@all ${before}`, subscriptions);
    expect(server.run(`ACL SETUSER alice ${change}`)).toBe('+OK\r\n');
    expect(client.killed).toBe(killed);
  });
});

describe('logging in', () => {
  const WRONGPASS = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';

  test('as a user with a password, who is on', () => {
    server.run('ACL SETUSER bob >p >q');
    const client = server.connect();
    expect(as(client, 'AUTH bob p')).toBe(WRONGPASS);
    server.run('ACL SETUSER bob on');
    expect(as(client, 'AUTH bob nope')).toBe(WRONGPASS);
    expect(as(client, 'AUTH bob q')).toBe('+OK\r\n');
    expect(as(client, 'ACL WHOAMI')).toBe("-NOPERM User bob has no permissions to run the 'acl|whoami' command\r\n");
    server.run('ACL SETUSER bob +acl|whoami');
    expect(as(client, 'ACL WHOAMI')).toBe('$3\r\nbob\r\n');
    expect(as(client, 'AUTH nobody q')).toBe(WRONGPASS);
    expect(as(client, 'ACL WHOAMI')).toBe('$3\r\nbob\r\n');
  });

  test('is needed while the default user has a password or is off, unless done before', () => {
    const stranger = server.connect({ authenticated: false });
    stranger.session.authenticated = false;
    expect(as(stranger, 'PING')).toBe('+PONG\r\n');
    expect(as(stranger, 'HELLO 2')).toMatch(/^-NOAUTH HELLO/);
    server.run('ACL SETUSER default off');
    expect(as(stranger, 'PING')).toBe('-NOAUTH Authentication required.\r\n');
    expect(server.run('PING')).toBe('+PONG\r\n');
    server.run('ACL SETUSER default on >p');
    expect(as(stranger, 'PING')).toBe('-NOAUTH Authentication required.\r\n');
    server.run('ACL SETUSER default nopass');
    expect(as(stranger, 'PING')).toBe('+PONG\r\n');
  });

  test('requirepass is the password of the default user, and its only one', () => {
    server.run('ACL SETUSER default >other');
    server.run('CONFIG SET requirepass p');
    const client = server.connect();
    expect(as(client, 'AUTH other')).toBe(WRONGPASS);
    expect(as(client, 'AUTH p')).toBe('+OK\r\n');
    server.run("CONFIG SET requirepass ''");
    expect(as(server.connect(), 'PING')).toBe('+PONG\r\n');
    expect(server.run('AUTH p')).toMatch(/^-ERR AUTH <password> called without any password configured/);
  });

  test('refusals are counted in INFO', () => {
    const client = alice('+get +publish ~k resetchannels');
    for (const line of ['AUTH alice', 'AUTH bob x', 'SET k 1', 'DEL k', 'GET x', 'PUBLISH a b']) as(client, line);
    const info = payload(server.run('INFO stats'));
    const figures = [...info.matchAll(/acl_access_denied_(\w+):(\d+)/g)].map(([, name, n]) => `${name}=${n}`);
    expect(figures).toEqual(['auth=1', 'cmd=2', 'key=1', 'channel=1']);
    server.run('CONFIG RESETSTAT');
    expect(payload(server.run('INFO stats'))).toContain('acl_access_denied_key:0\r\n');
  });
});

describe('ACL LOG', () => {
  test('has an entry for each kind of refusal, the newest first', () => {
    const client = alice('+get ~k');
    as(client, 'GET x');
    server.now += 1500;
    as(client, 'GET x');
    as(client, 'AUTH bob wrong');
    server.now += 500;
    const [auth, key] = entries(server.run('ACL LOG'));
    expect(auth).toMatchObject({ reason: 'auth', context: 'toplevel', object: 'AUTH', username: 'bob', count: '1' });
    expect(key).toMatchObject({
      count: '2',
      reason: 'key',
      object: 'x',
      username: 'alice',
      'age-seconds': '0.5',
      'entry-id': '0',
      'timestamp-created': String(server.now - 2000),
      'timestamp-last-updated': String(server.now - 500),
    });
    expect(key!['client-info']).toMatch(/^id=4 addr= .* cmd=get user=alice redir=-1 resp=2 lib-name= lib-ver=$/);
  });

  test('tells what was refused inside MULTI', () => {
    const client = alice('+get +multi ~k');
    as(client, 'MULTI');
    as(client, 'SET k 1');
    expect(entries(server.run('ACL LOG'))[0]).toMatchObject({ context: 'multi', reason: 'command', object: 'set' });
  });

  test('keeps as many as acllog-max-len says, and shows ten unless told', () => {
    const client = alice('+get ~k');
    for (let i = 0; i < 12; i++) as(client, `GET x${i}`);
    expect(entries(server.run('ACL LOG'))).toHaveLength(10);
    expect(entries(server.run('ACL LOG 11'))).toHaveLength(11);
    expect(server.run('ACL LOG -1')).toBe('*0\r\n');
    server.run('CONFIG SET acllog-max-len 3');
    as(client, 'GET y');
    expect(entries(server.run('ACL LOG 100')).map(({ object }) => object)).toEqual(['y', 'x11', 'x10']);
    expect(server.run('ACL LOG RESET')).toBe('+OK\r\n');
    expect(server.run('ACL LOG')).toBe('*0\r\n');
  });

  /** The entries of a RESP2 reply without nesting. */
  function entries(reply: string): Record<string, string>[] {
    return reply
      .split('*20\r\n')
      .slice(1)
      .map((text) => {
        const words = text.split('\r\n').filter((word) => word !== '' && !/^\$\d+$/.test(word));
        return Object.fromEntries(
          Array.from({ length: words.length / 2 }, (_, i) => [words[2 * i]!, words[2 * i + 1]!.replace(/^:/, '')]),
        );
      });
  }
});

describe('ACL GENPASS', () => {
  test.each([
    ['ACL GENPASS', 64],
    ['ACL GENPASS 1', 1],
    ['ACL GENPASS 5', 2],
    ['ACL GENPASS 4096', 1024],
  ])('%s has %i digits', (line, length) => {
    const password = payload(server.run(line));
    expect(password).toMatch(/^[0-9a-f]*$/);
    expect(password).toHaveLength(length);
    if (length > 10) expect(payload(server.run(line))).not.toBe(password);
  });
});

describe('users in files', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'clone-acl-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function withAclFile(text: string): string {
    const path = join(directory, 'users.acl');
    writeFileSync(path, text, 'latin1');
    server.config.loadRecord({ dir: directory, aclfile: 'users.acl' });
    return path;
  }

  test('LOAD takes the users of the file for all there were; the default user is what it says, or new', () => {
    withAclFile('user bob on nopass +ping\n');
    server.context.acl.start();
    const bob = server.connect();
    as(bob, 'AUTH bob x');
    const client = alice('+@all');
    server.run('ACL SETUSER default >p');
    expect(server.run('ACL LOAD')).toBe('+OK\r\n');
    expect(server.run('ACL USERS')).toBe('*2\r\n$3\r\nbob\r\n$7\r\ndefault\r\n');
    expect([bob.killed, client.killed, server.me.killed]).toEqual([true, true, false]);
    expect(server.context.acl.defaultUser.describe()).toBe('on nopass sanitize-payload ~* &* +@all');
    withAclFile('user default on nopass +acl');
    server.run('ACL LOAD');
    expect(server.run('PING')).toBe("-NOPERM User default has no permissions to run the 'ping' command\r\n");
  });

  test('LOAD of a file that is wrong changes nothing', () => {
    withAclFile('user bob on\nuser carl +nope\nuser dora x y\n');
    const client = alice('+ping');
    expect(server.run('ACL LOAD')).toBe(
      "-ERR users.acl:2: Error in applying operation '+nope': Unknown command or category name in ACL. users.acl:3: Syntax error. WARNING: ACL errors detected, no change to the previously active ACL rules was performed\r\n",
    );
    expect(server.run('ACL USERS')).toBe('*2\r\n$5\r\nalice\r\n$7\r\ndefault\r\n');
    expect(client.killed).toBe(false);
    expect(as(client, 'PING')).toBe('+PONG\r\n');
    rmSync(join(directory, 'users.acl'));
    expect(server.run('ACL LOAD')).toBe(
      "-ERR Error loading ACLs, opening file 'users.acl': No such file or directory\r\n",
    );
  });

  test('SAVE replaces the file whole, and says when it cannot', () => {
    const path = withAclFile('');
    server.run('ACL SETUSER alice on >p ~\xe9 (~a +get)');
    expect(server.run('ACL SAVE')).toBe('+OK\r\n');
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([
      'user alice on sanitize-payload #148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940 ~é resetchannels -@all (~a resetchannels -@all +get)',
      'user default on nopass sanitize-payload ~* &* +@all',
      '',
    ]);
    expect(readdirSync(directory)).toEqual(['users.acl']);
    const before = server.run('ACL LIST');
    server.run('ACL LOAD');
    expect(server.run('ACL LIST')).toBe(before);
    server.config.loadRecord({ aclfile: 'nowhere/users.acl' });
    expect(server.run('ACL SAVE')).toMatch(/^-ERR There was an error trying to save the ACLs\./);
    expect(server.log.at(-1)).toMatch(/^warning Error saving the ACL file .*: No such file or directory$/);
  });

  test.each(['LOAD', 'SAVE'])('%s without a file is an error', (command) => {
    expect(server.run(`ACL ${command}`)).toMatch(/^-ERR This Redis instance is not configured to use an ACL file\./);
  });

  test('lines of redis.conf declare users, a default user among them begins with nothing', () => {
    server.config.loadRecord({
      requirepass: 'p',
      user: ['alice on nopass ~a +get (%R~b +set)', 'default on >q +@all', '"bo\\xe9b" ~"x\\x01y"'],
    });
    server.context.acl.start();
    expect(server.run('ACL LIST')).toMatch(/user default on sanitize-payload #8e35c2cd\w+ resetchannels \+@all\r\n$/);
    expect(server.run('ACL LIST')).toContain(
      'user alice on nopass sanitize-payload ~a resetchannels -@all +get (%R~b resetchannels -@all +set)\r\n',
    );
    expect(server.run('ACL LIST')).toContain('user bo\xe9b off sanitize-payload ~x\x01y resetchannels -@all\r\n');
    expect(server.log).toEqual([
      "notice The user 'bo\xe9b' is disabled (there is no 'on' modifier in the user description). Make sure this is not a configuration error.",
    ]);
  });

  test.each([
    ['a +nope', "config: 'user a +nope': Error in user declaration '+nope': Unknown command or category name in ACL"],
    ['a (~x', "config: 'user a (~x': Unmatched parenthesis in '(~x'"],
    ['"a b" on', 'config: \'user "a b" on\': Spaces not allowed in ACL usernames'],
  ])('the line %j keeps the server from starting', (line, error) => {
    server.config.loadRecord({ user: line });
    expect(() => server.context.acl.start()).toThrow(error);
  });

  test('users in both places, or a file with errors, keep the server from starting', () => {
    withAclFile('user a b\n');
    expect(() => server.context.acl.start()).toThrow(
      'ACL errors: users.acl:1: Syntax error. WARNING: ACL errors detected, no change to the previously active ACL rules was performed',
    );
    server.config.loadRecord({ user: 'a on' });
    expect(() => server.context.acl.start()).toThrow('Configuring Redis with users defined in redis.conf and');
  });

  test('CONFIG REWRITE puts the users into the lines that are there, and the rest at the end', () => {
    const path = join(directory, 'redis.conf');
    writeFileSync(path, '# users\nuser old on\nport 1\nuser older on\n');
    server = new TestServer(path);
    server.run('ACL SETUSER alice on nopass ~a"b (~x +get)');
    server.run('ACL SETUSER bob');
    expect(server.run('CONFIG REWRITE')).toBe('+OK\r\n');
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(
      /^# users\nuser alice on nopass sanitize-payload "~a\\"b" resetchannels -@all \(~x resetchannels -@all \+get\)\nport 6379\nuser bob off sanitize-payload resetchannels -@all\n/,
    );
    expect(text).toMatch(
      /# Generated by CONFIG REWRITE\n[^]*user default on nopass sanitize-payload ~\* &\* \+@all\n$/,
    );
  });
});
