import { describe, expect, it } from 'vitest';
import { Harness, inlineRequestOf, requestOf, unit, type Word } from './harness.fixture.js';
import type { Permissions } from './permissions.js';
import { QueuedRequests } from './queued-requests.js';
import { Session } from './session.js';

/** A server with a second client. */
function twoClients(): { h: Harness; other: (...words: Word[]) => string; run: (line: string) => string } {
  const h = new Harness();
  const session = new Session({ id: 2 });
  return {
    h,
    other: (...words) => h.execute(requestOf(...words), session),
    run: (line) => h.run(...line.split(' ')),
  };
}

describe('EXEC', () => {
  it('executes what was queued, in order, and answers all replies', () => {
    const { run } = twoClients();
    expect(run('MULTI')).toBe('+OK');
    expect(run('SET k 1')).toBe('+QUEUED');
    expect(run('INCR k')).toBe('+QUEUED');
    expect(run('LPUSH k x')).toBe('+QUEUED');
    expect(run('EXEC')).toMatch(/^\*3 \+OK :2 -WRONGTYPE /);
    expect(run('GET k')).toBe('$1 2');
    expect(run('EXEC')).toBe('-ERR EXEC without MULTI');
  });

  it('refuses what there is no room for, and then executes nothing', () => {
    const { h, run } = twoClients();
    h.session.queue = new QueuedRequests(4000);
    for (let round = 0; round < 2; round++) {
      run('MULTI');
      expect(h.run('SET', 'k', 'x'.repeat(1900))).toBe('+QUEUED');
      expect(h.run('SET', 'k', 'x'.repeat(1900))).toBe('+QUEUED');
      expect(h.run('SET', 'k', 'x'.repeat(200))).toBe('-ERR The transaction is longer than 2 GB');
      expect(run('EXEC')).toBe('-EXECABORT Transaction discarded because of previous errors.');
    }
    expect(run('EXISTS k')).toBe(':0');
  });

  it('executes nothing when something was refused since MULTI', () => {
    const { run } = twoClients();
    for (const wrong of ['nonsense', 'GET', 'CONFIG nonsense']) {
      run('MULTI');
      run('SET k v');
      expect(run(wrong)).toMatch(/^-ERR /);
      expect(run('EXEC')).toBe('-EXECABORT Transaction discarded because of previous errors.');
      expect(run('EXISTS k')).toBe(':0');
    }
  });

  it('takes inline commands as they were typed, and long queues', () => {
    const { h, run } = twoClients();
    run('MULTI');
    expect(h.execute(inlineRequestOf('set "a b" \'c d\''))).toBe('+QUEUED');
    for (let i = 0; i < 500; i++) run(`RPUSH list ${'x'.repeat(i)} ${i}`);
    expect(run('EXEC')).toMatch(/^\*501 \+OK :2 :4 .* :1000$/);
    expect(h.run('GET', 'a b')).toBe('$3 c d');
    expect(run('LINDEX list -1')).toBe('$3 499');
  });

  it('does not wait: blocking commands answer as if their time were over', () => {
    const { h, run } = twoClients();
    h.session.mayBlock = true;
    run('MULTI');
    run('BLPOP empty 0');
    expect(run('EXEC')).toBe('*1 *-1');
    expect(h.session.mayBlock).toBe(true);
    expect(h.dispatcher.blocked.count).toBe(0);
  });

  it('needs the memory that its commands need, and a queue does not grow while there is none', () => {
    const { h, run } = twoClients();
    run('MULTI');
    run('SET k v');
    h.dispatcher.makeRoom = () => false;
    expect(run('EXEC')).toMatch(/^-EXECABORT Transaction discarded because of: OOM /);
    run('MULTI');
    expect(run('GET k')).toMatch(/^-OOM /);
    expect(run('DISCARD')).toBe('+OK');
    run('MULTI');
    expect(run('EXEC')).toBe('*0');
  });

  it('is refused with the reason when it has arguments', () => {
    const { run } = twoClients();
    run('MULTI');
    expect(run('EXEC now')).toBe(
      "-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command",
    );
    expect(run('EXEC')).toBe('-ERR EXEC without MULTI');
  });

  it('asks for permissions when it queues and once more when it executes', () => {
    const { h, run } = twoClients();
    const asked: string[] = [];
    let forbidden = '';
    const permissions: Permissions = {
      refuse: (_session, command, _request, queued) => {
        asked.push(`${command.name}${queued ? ' queued' : ''}`);
        return command.name === forbidden ? 'NOPERM no' : '';
      },
      readsAllKeys: () => true,
    };
    h.session.permissions = permissions;
    run('MULTI');
    run('SET k v');
    run('GET k');
    forbidden = 'get';
    expect(run('EXEC')).toBe('*2 +OK -NOPERM no');
    expect(asked).toEqual(['multi', 'set', 'get', 'exec', 'set queued', 'get queued']);
    run('MULTI');
    expect(run('GET k')).toBe('-NOPERM no');
    expect(run('EXEC')).toMatch(/^-EXECABORT /);
  });
});

describe('what a transaction feeds', () => {
  it('is one unit, with one effect nothing but that, and with none nothing', () => {
    const { h, run } = twoClients();
    for (const line of ['MULTI', 'SET a 1', 'GET a', 'SELECT 3', 'INCR b']) run(line);
    h.takeEffects();
    run('EXEC');
    expect(h.takeEffects()).toEqual(['0: MULTI', '0: SET a 1', '3: INCR b', '3: EXEC']);
    for (const line of ['SELECT 0', 'MULTI', 'SET a 2', 'GET a', 'EXEC']) run(line);
    expect(h.takeEffects()).toEqual(['0: SET a 2']);
    for (const line of ['MULTI', 'GET a', 'EXEC']) run(line);
    expect(h.takeEffects()).toEqual([]);
  });

  it('holds together what one command in it is repeated as', () => {
    const { h, run } = twoClients();
    h.prepare('SADD s a b c');
    for (const line of ['MULTI', 'SPOP s 2', 'SET k v', 'EXEC']) run(line);
    const effects = h.takeEffects();
    expect(effects).toEqual(unit(...effects.slice(1, -1)));
    expect(effects).toHaveLength(5);
  });

  it('leaves out nothing of an attached feed that goes away', () => {
    const { h, run } = twoClients();
    run('MULTI');
    run('SET a 1');
    h.dispatcher.feed = undefined;
    expect(run('EXEC')).toBe('*1 +OK');
  });
});

describe('WATCH', () => {
  const commit = (run: (line: string) => string): string => {
    run('MULTI');
    run('PING');
    return run('EXEC');
  };

  it('makes EXEC answer null when a watched key was written, by whomever', () => {
    const { run, other } = twoClients();
    run('WATCH k');
    other('SET', 'k', 'v');
    expect(commit(run)).toBe('*-1');
    expect(commit(run)).toBe('*1 +PONG');
    run('WATCH k');
    run('APPEND k x');
    expect(commit(run)).toBe('*-1');
    run('WATCH k');
    other('SET', 'elsewhere', 'v');
    other('GET', 'k');
    expect(commit(run)).toBe('*1 +PONG');
  });

  it('looks at the database it was said in', () => {
    const { run, other } = twoClients();
    run('WATCH k');
    other('SELECT', 1);
    other('SET', 'k', 'v');
    expect(commit(run)).toBe('*1 +PONG');
  });

  it('sees a key that was flushed or swapped away, or came by a swap, and no key that was never there', () => {
    const { run, other } = twoClients();
    run('SET k v');
    run('WATCH k');
    other('FLUSHALL');
    expect(commit(run)).toBe('*-1');
    run('WATCH k');
    other('FLUSHDB');
    expect(commit(run)).toBe('*1 +PONG');
    other('SELECT', 1);
    other('SET', 'k', 'v');
    run('WATCH k');
    other('SWAPDB', 0, 1);
    expect(commit(run)).toBe('*-1');
    run('WATCH k');
    other('SWAPDB', 0, 1);
    expect(commit(run)).toBe('*-1');
    run('WATCH missing');
    other('SWAPDB', 0, 1);
    expect(commit(run)).toBe('*1 +PONG');
  });

  it('sees a key that expires after it, removed or not, and none that had expired before', () => {
    const { h, run, other } = twoClients();
    h.keyspace.expireEnabled = false;
    run('SET k v PX 10');
    run('WATCH k');
    h.advance(11);
    expect(commit(run)).toBe('*-1');
    run('WATCH k');
    h.keyspace.expireEnabled = true;
    other('GET', 'k');
    expect(commit(run)).toBe('*1 +PONG');
  });

  it('is over with UNWATCH, DISCARD, EXEC, and costs nothing then', () => {
    const { h, run, other } = twoClients();
    for (const end of ['UNWATCH', 'DISCARD', 'EXEC']) {
      run('WATCH k k other');
      expect(h.dispatcher.transactions.watched.countOf(h.session)).toBe(2);
      if (end !== 'UNWATCH') run('MULTI');
      run(end);
      other('SET', 'k', end);
      expect(commit(run)).toBe('*1 +PONG');
      expect(h.keyspace.waiters).toBeUndefined();
    }
  });

  it('goes on beside clients that wait for keys', () => {
    const { h, run, other } = twoClients();
    const waiting = new Session({ id: 3, mayBlock: true });
    h.execute(requestOf('BLPOP', 'list', 0), waiting);
    run('WATCH k');
    other('SET', 'k', 'v');
    other('LPUSH', 'list', 'x');
    expect(h.dispatcher.blocked.count).toBe(0);
    expect(commit(run)).toBe('*-1');
  });
});
