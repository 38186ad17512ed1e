// Clients that wait, without sockets: time moves when a test says so, and answers are collected by client.
import type { Request } from '@clone/resp-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandFlag } from './command.js';
import { latin1 } from './context.js';
import { Harness, requestOf, type Word } from './harness.fixture.js';
import { ReplyMode, Session } from './session.js';

class Clients extends Harness {
  /** Sessions that a pause holds up, with their requests. */
  readonly heldUp: { readonly session: Session; readonly request: Request }[] = [];
  /** `1: reply`, in the order in which they were given. */
  readonly answers: string[] = [];
  readonly #sessions = new Map<number, Session>();

  constructor() {
    super();
    this.dispatcher.blocked.host = {
      blocked: () => undefined,
      postponed: (session, request) => this.heldUp.push({ session, request }),
      beforeAnswer: () => undefined,
      answered: (session, reply) => {
        const text = latin1(reply.buffer, 0, reply.length).replace(/(\r\n)+$/, '');
        this.answers.push(`${session.id}: ${text.replaceAll('\r\n', ' ')}`);
      },
    };
  }

  client(id: number): Session {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = new Session({ id, mayBlock: true });
      this.#sessions.set(id, session);
    }
    return session;
  }

  /** What the client hears at once: nothing if it waits. */
  as(id: number, ...words: Word[]): string {
    return this.execute(requestOf(...words), this.client(id));
  }

  /** Answers since the last call. */
  take(): string[] {
    return this.answers.splice(0);
  }

  /** Moves the clock, and ends waits as a timer of the host would. */
  pass(milliseconds: number): string[] {
    this.advance(milliseconds);
    this.dispatcher.blocked.expire(this.time);
    return this.take();
  }
}

describe('changes that are counted', () => {
  /** By how much the count rose. */
  const rise = (h: Harness, act: () => unknown): number => {
    const before = h.keyspace.dirty;
    act();
    return h.keyspace.dirty - before;
  };

  // The numbers of redis-server 8.0.2; up to 7.0 it did not count what a served client changed.
  it('are those of the one that wakes a client, and those of the woken one', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '0');
    expect(rise(h, () => h.run('RPUSH', 'l', 'x', 'y'))).toBe(3);
    h.as(2, 'BLMOVE', 'm', 'n', 'LEFT', 'LEFT', '0');
    expect(rise(h, () => h.run('RPUSH', 'm', 'x'))).toBe(2);
    h.as(2, 'BZPOPMIN', 'z', '0');
    expect(rise(h, () => h.run('ZADD', 'z', '1', 'a', '2', 'b'))).toBe(3);
    expect(rise(h, () => h.as(2, 'BLPOP', 'nothing', '0.1'))).toBe(0);
  });

  it('are a consumer that is made for a read, and each stream that is read', () => {
    const h = new Clients();
    h.prepare('XGROUP CREATE s g 0 MKSTREAM');
    expect(rise(h, () => h.as(2, 'XREADGROUP', 'GROUP', 'g', 'a', 'BLOCK', '0', 'STREAMS', 's', '>'))).toBe(1);
    expect(rise(h, () => h.run('XADD', 's', '1-1', 'f', 'v'))).toBe(2);
    expect(rise(h, () => h.run('XCLAIM', 's', 'g', 'b', '0', '1-1'))).toBe(2);
    expect(rise(h, () => h.run('XAUTOCLAIM', 's', 'g', 'b', '0', '0'))).toBe(1);
  });
});

describe('a client that waits for a list', () => {
  it('gets an error instead of the element when it may not have it any more', () => {
    const h = new Clients();
    expect(h.as(2, 'BLPOP', 'l', '0')).toBe('');
    h.client(2).permissions = {
      refuse: (_session, command) => `NOPERM not ${command.name}`,
      readsAllKeys: () => false,
    };
    h.run('RPUSH', 'l', 'x');
    expect(h.take()).toEqual(['2: -NOPERM not blpop']);
    expect(h.run('LLEN', 'l')).toBe(':1');
    const command = h.registry.get('blpop')!;
    expect([command.calls, command.rejected]).toEqual([0, 1]);
  });

  it('hears nothing before the time is over, and a null then', () => {
    const h = new Clients();
    expect(h.as(2, 'BLPOP', 'l', '0.5')).toBe('');
    expect(h.dispatcher.blocked.isBlocked(h.client(2))).toBe(true);
    expect(h.dispatcher.blocked.nextDeadline).toBe(h.time + 500);
    expect(h.pass(499)).toEqual([]);
    expect(h.pass(1)).toEqual(['2: *-1']);
    expect(h.dispatcher.blocked.nextDeadline).toBe(Infinity);
    h.run('RPUSH', 'l', 'x');
    expect(h.take()).toEqual([]);
    expect(h.keyspace.waiters).toBeUndefined();
  });

  it('hears a null in its own protocol', () => {
    const h = new Clients();
    h.client(2).protocol = 3;
    h.as(2, 'BLMOVE', 'l', 'm', 'LEFT', 'LEFT', '1');
    expect(h.pass(1000)).toEqual(['2: _']);
  });

  it('may have to wait for its turn when the time of many is over at once', () => {
    const h = new Clients();
    for (let id = 2; id < 12; id++) h.as(id, 'BLPOP', 'l', '1');
    h.advance(1000);
    h.dispatcher.blocked.expire(h.time, 4);
    expect(h.take()).toHaveLength(4);
    expect(h.dispatcher.blocked.nextDeadline).toBe(h.time);
    h.dispatcher.blocked.expire(h.time, 100);
    expect(h.take()).toHaveLength(6);
  });

  it('waits for ever with a time of 0, also one that rounds to it', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '0');
    h.as(3, 'BLPOP', 'l', '-0.0001');
    expect(h.pass(1e12)).toEqual([]);
    expect(h.dispatcher.blocked.timed).toBe(0);
    expect(h.dispatcher.blocked.count).toBe(2);
  });

  it('waits at least a millisecond when the time is shorter', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '0.0000001');
    expect(h.dispatcher.blocked.nextDeadline).toBe(h.time + 1);
  });

  it('may not wait beyond the end of time', () => {
    const h = new Clients();
    expect(h.as(2, 'BLPOP', 'l', '9223372036854775')).toBe('-ERR timeout is out of range');
    expect(h.as(2, 'BLPOP', 'l', '9000000000000000')).toBe('');
  });

  it('is answered when an element comes, and the time counts no more', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'k', 'l', '1');
    expect(h.run('RPUSH', 'l', 'x')).toBe(':1');
    expect(h.take()).toEqual(['2: *2 $1 l $1 x']);
    expect(h.pass(5000)).toEqual([]);
    expect(h.run('EXISTS', 'l')).toBe(':0');
    expect(h.dispatcher.blocked.keys).toBe(0);
  });

  it('is served behind the command that made the list, which replies as if nobody waited', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '0');
    h.takeEffects();
    const { reply, effects, events } = h.trace('RPUSH', 'l', 'x', 'y', 'z');
    expect(reply).toBe(':3');
    expect(effects).toEqual(['0: RPUSH l x y z', '0: LPOP l']);
    expect(events).toEqual(['0: rpush l', '0: lpop l']);
    expect(h.take()).toEqual(['2: *2 $1 l $1 x']);
  });

  it.each([
    [['BRPOP', 'l', '0'], '0: RPOP l'],
    [['BLMOVE', 'l', 'm', 'LEFT', 'RIGHT', '0'], '0: LMOVE l m LEFT RIGHT'],
    [['BRPOPLPUSH', 'l', 'm', '0'], '0: RPOPLPUSH l m'],
    [['BLMPOP', '0', '2', 'k', 'l', 'RIGHT', 'COUNT', '5'], '0: RPOP l 2'],
  ])('leaves behind a command that does not wait: %j', (words, effect) => {
    const h = new Clients();
    h.as(2, ...words);
    expect(h.trace('RPUSH', 'l', 'x', 'y').effects).toEqual(['0: RPUSH l x y', effect]);
  });

  it('keeps its place while the key holds another type, and gets an error for a key before it that does', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'k', 'l', '0');
    h.as(3, 'BLPOP', 'l', '0');
    h.run('SET', 'l', 'v');
    h.run('SET', 'k', 'v');
    h.run('DEL', 'l');
    expect(h.take()).toEqual([]);
    h.run('RPUSH', 'l', 'x');
    expect(h.take()).toEqual([
      '2: -WRONGTYPE Operation against a key holding the wrong kind of value',
      '3: *2 $1 l $1 x',
    ]);
  });

  it('is not served by an element that whoever pushed it took back', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '0');
    h.as(3, 'BLMOVE', 'l', 'l', 'LEFT', 'RIGHT', '0');
    h.run('RPUSH', 'l', 'x');
    expect(h.take()).toEqual(['2: *2 $1 l $1 x']);
    h.run('RPUSH', 'l', 'y');
    expect(h.take()).toEqual(['3: $1 y']);
  });

  it('goes away without a trace', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '1');
    h.as(3, 'BLPOP', 'l', '2');
    h.dispatcher.blocked.forget(h.client(2));
    h.run('RPUSH', 'l', 'x', 'y');
    expect(h.take()).toEqual(['3: *2 $1 l $1 x']);
    expect(h.run('LRANGE', 'l', 0, -1)).toBe('*1 $1 y');
    expect(h.pass(5000)).toEqual([]);
    expect(h.dispatcher.blocked.count).toBe(0);
  });

  it('is unblocked as if time were over, or with an error; nobody else is', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '0');
    h.as(3, 'WAIT', '1', '0');
    expect(h.dispatcher.blocked.unblock(4, false)).toBe(false);
    expect(h.dispatcher.blocked.unblock(2, true)).toBe(true);
    expect(h.dispatcher.blocked.unblock(2, true)).toBe(false);
    expect(h.dispatcher.blocked.unblock(3, false)).toBe(true);
    expect(h.take()).toEqual(['2: -UNBLOCKED client unblocked via CLIENT UNBLOCK', '3: :0']);
  });

  it('does not wait where it may not: it is answered as if time were over', () => {
    const h = new Clients();
    expect(h.run('BLPOP', 'l', 0)).toBe('*-1');
    expect(h.run('BLMPOP', 0, 1, 'l', 'LEFT')).toBe('*-1');
    expect(h.run('BLMOVE', 'l', 'm', 'LEFT', 'LEFT', 0)).toBe('$-1');
    expect(h.run('BRPOPLPUSH', 'l', 'm', 0)).toBe('$-1');
    expect(h.dispatcher.blocked.count).toBe(0);
  });

  it('counts as one execution, when it is done', () => {
    const h = new Clients();
    const blpop = h.registry.find(new TextEncoder().encode('BLPOP'), 0, 5);
    h.as(2, 'BLPOP', 'l', '0');
    expect(blpop?.calls).toBe(0);
    h.run('SET', 'l', 'v');
    h.run('DEL', 'l');
    h.run('RPUSH', 'l', 'x');
    expect(blpop?.calls).toBe(1);
  });

  it.each(['RENAME', 'COPY'])('is served by %s', (command) => {
    const h = new Clients();
    h.run('RPUSH', 'k', 'x');
    h.as(2, 'BLPOP', 'l', '0');
    h.run(command, 'k', 'l');
    expect(h.take()).toEqual(['2: *2 $1 l $1 x']);
  });

  it('is served by MOVE and SWAPDB of its own database only', () => {
    const h = new Clients();
    h.as(2, 'SELECT', '1');
    h.as(2, 'BLPOP', 'l', '0');
    h.run('RPUSH', 'l', 'x', 'y');
    expect(h.take()).toEqual([]);
    h.run('MOVE', 'l', '1');
    expect(h.take()).toEqual(['2: *2 $1 l $1 x']);
    h.as(2, 'DEL', 'l');
    h.as(2, 'BLPOP', 'l', '0');
    h.run('RPUSH', 'l', 'z');
    h.run('SWAPDB', '0', '1');
    expect(h.take()).toEqual(['2: *2 $1 l $1 z']);
  });
});

describe('what a wait leaves in the statistics', () => {
  /** Slow log entries, `words: microseconds`. */
  function observed(h: Clients): string[] {
    const slow: string[] = [];
    h.dispatcher.slowMicroseconds = 0;
    h.dispatcher.onSlow = (_session, _command, request, microseconds) => {
      const words = Array.from({ length: request.argc }, (_, i) =>
        latin1(request.bytes, request.offsets[i]!, request.lengths[i]!),
      );
      slow.push(`${words.join(' ')}: ${microseconds}`);
    };
    return slow;
  }

  /** A clock that moves on by so many ms with each reading: each execution takes as long. */
  function slowClock(h: Clients, milliseconds: number): void {
    let time = 0;
    h.server.monotonicMilliseconds = () => (time += milliseconds);
  }

  function counts(h: Clients, name: string): number[] {
    const { calls, failed, rejected, usec, latency } = h.registry.get(name)!;
    return [calls, failed, rejected, usec, latency?.total ?? 0];
  }

  it.each([
    ['blpop', ['BLPOP', 'l', '1']],
    ['bzpopmin', ['BZPOPMIN', 'z', '1']],
    ['xread', ['XREAD', 'BLOCK', '1000', 'STREAMS', 's', '$']],
    ['wait', ['WAIT', '1', '1000']],
  ] as const)('%s whose time is over counts once then, with the time that it worked', (name, words) => {
    const h = new Clients();
    const slow = observed(h);
    slowClock(h, 2);
    h.as(2, ...words);
    expect(counts(h, name)).toEqual([0, 0, 0, 0, 0]);
    expect(slow).toEqual([]);
    const processed = h.dispatcher.commandsProcessed;
    h.pass(1000);
    expect(counts(h, name)).toEqual([1, 0, 0, 2000, 1]);
    expect(slow).toEqual([`${words.join(' ')}: 2000`]);
    expect(h.dispatcher.commandsProcessed).toBe(processed + 1);
  });

  it('CLIENT UNBLOCK … ERROR is a failed call and an error reply, CLIENT UNBLOCK is not', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '0');
    h.dispatcher.blocked.unblock(2, false);
    expect(counts(h, 'blpop').slice(0, 3)).toEqual([1, 0, 0]);
    h.as(2, 'BLPOP', 'l', '0');
    h.dispatcher.blocked.unblock(2, true);
    expect(counts(h, 'blpop').slice(0, 3)).toEqual([2, 1, 0]);
    expect(h.dispatcher.errorCounts.get('UNBLOCKED')).toBe(1);
  });

  it('who is served counts once, with all its executions, and is shown as it was sent', () => {
    const h = new Clients();
    const slow = observed(h);
    slowClock(h, 3);
    h.as(2, 'XREAD', 'BLOCK', '0', 'STREAMS', 's', '$');
    h.run('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
    slow.length = 0;
    h.run('XADD', 's', '1-1', 'a', 'b');
    expect(h.take()).toHaveLength(1);
    const [calls, failed, rejected, usec, durations] = counts(h, 'xread');
    expect([calls, failed, rejected, durations]).toEqual([1, 0, 0, 1]);
    // It was executed when it came, when the stream was made, and when there was an entry.
    expect(usec).toBe(9000);
    expect(slow).toEqual(['XADD s 1-1 a b: 3000', 'XREAD BLOCK 0 STREAMS s $: 9000']);
  });

  it('a client that goes away has called nothing', () => {
    const h = new Clients();
    const slow = observed(h);
    h.as(2, 'BLPOP', 'l', '0');
    h.dispatcher.blocked.forget(h.client(2));
    expect(counts(h, 'blpop')).toEqual([0, 0, 0, 0, 0]);
    expect(slow).toEqual([]);
  });

  it('counts every call of a command that is fast, too, however many there were', () => {
    const h = new Clients();
    slowClock(h, 1);
    for (let i = 0; i < 200; i++) {
      h.as(2, 'BZPOPMIN', 'z', '0');
      h.run('ZADD', 'z', '1', 'a');
    }
    expect(counts(h, 'bzpopmin')).toEqual([200, 0, 0, 400_000, 200]);
  });

  it('is shown to MONITOR once', () => {
    const h = new Clients();
    const shown: string[] = [];
    h.dispatcher.onExecuted = (session, command) => shown.push(`${session.id} ${command.name}`);
    h.as(2, 'BLPOP', 'l', '0');
    h.run('SET', 'l', 'v');
    h.run('DEL', 'l');
    h.run('RPUSH', 'l', 'x');
    expect(shown).toEqual(['2 blpop', '1 set', '1 del', '1 rpush']);
  });
});

describe('a client that is to be served', () => {
  it('waits on when a pause began, and its request is given again after it', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '0');
    h.as(3, 'BLPOP', 'l', '0');
    h.as(4, 'MULTI');
    h.as(4, 'RPUSH', 'l', 'x');
    h.as(4, 'PING');
    h.registry.get('ping')!.handler = (ctx) => {
      h.dispatcher.postpone = (flags) => (flags & CommandFlag.write) !== 0;
      ctx.reply.ok();
    };
    h.as(4, 'EXEC');
    expect(h.take()).toEqual([]);
    expect(h.heldUp.map(({ session }) => session.id)).toEqual([2, 3]);
    expect(h.client(2).postponed).toBe(false);
    h.dispatcher.postpone = undefined;
    expect(h.execute(h.heldUp[0]!.request, h.client(2))).toBe('*2 $1 l $1 x');
    expect(h.execute(h.heldUp[1]!.request, h.client(3))).toBe('');
    h.run('RPUSH', 'l', 'y');
    expect(h.take()).toEqual(['3: *2 $1 l $1 y']);
  });

  it('keeps its silence over a pause', () => {
    const h = new Clients();
    h.client(2).replyMode = ReplyMode.skip;
    h.as(2, 'BLPOP', 'l', '0');
    h.as(4, 'MULTI');
    h.as(4, 'RPUSH', 'l', 'x');
    h.as(4, 'PING');
    h.registry.get('ping')!.handler = (ctx) => {
      h.dispatcher.postpone = (flags) => (flags & CommandFlag.write) !== 0;
      ctx.reply.ok();
    };
    h.as(4, 'EXEC');
    h.dispatcher.postpone = undefined;
    expect(h.execute(h.heldUp[0]!.request, h.client(2))).toBe('');
    expect(h.as(2, 'LLEN', 'l')).toBe(':0');
  });

  it('gets an error, and nothing moves, when memory is full or the disk fails by then', () => {
    const h = new Clients();
    h.as(2, 'BLMOVE', 'l', 'm', 'LEFT', 'LEFT', '0');
    let isFull = false;
    h.dispatcher.makeRoom = () => !isFull;
    h.as(4, 'MULTI');
    h.as(4, 'RPUSH', 'l', 'x');
    h.as(4, 'PING');
    h.registry.get('ping')!.handler = (ctx) => {
      isFull = true;
      ctx.reply.ok();
    };
    h.as(4, 'EXEC');
    expect(h.take()).toEqual(["2: -OOM command not allowed when used memory > 'maxmemory'."]);
    const { calls, rejected } = h.registry.get('blmove')!;
    expect([calls, rejected]).toEqual([0, 1]);
    expect(h.run('LRANGE', 'l', '0', '-1')).toBe('*1 $1 x');
  });

  it('takes nothing when it is closed because of what it must be sent before', () => {
    const h = new Clients();
    h.as(2, 'BLPOP', 'l', '0');
    h.dispatcher.blocked.host!.beforeAnswer = (session) => h.dispatcher.blocked.forget(session);
    h.run('RPUSH', 'l', 'x');
    expect(h.take()).toEqual([]);
    expect(h.run('LRANGE', 'l', '0', '-1')).toBe('*1 $1 x');
  });

  it.each([ReplyMode.off, ReplyMode.skip])('hears nothing when it did not want the reply (mode %i)', (mode) => {
    const h = new Clients();
    const block = (): void => {
      h.client(2).replyMode = mode;
      h.as(2, 'BLPOP', 'l', '1');
    };
    block();
    h.run('RPUSH', 'l', 'x');
    block();
    expect([...h.take(), ...h.pass(1000)]).toEqual(['2: ', '2: ']);
    block();
    h.dispatcher.blocked.unblock(2, true);
    expect(h.take()).toEqual(['2: ']);
    expect(h.client(2).replyMode).toBe(mode === ReplyMode.off ? ReplyMode.off : ReplyMode.on);
    expect(h.run('EXISTS', 'l')).toBe(':0');
  });
});

describe('whoever waits and whatever comes', () => {
  it('waits end in the order of their times, each exactly when it is over', () => {
    const wait = fc.record({ milliseconds: fc.integer({ min: 1, max: 50 }), leaves: fc.boolean() });
    fc.assert(
      fc.property(fc.array(wait, { maxLength: 60, size: 'max' }), (waits) => {
        const h = new Clients();
        for (const [i, { milliseconds }] of waits.entries()) h.as(i + 2, 'BLPOP', `l${i % 7}`, milliseconds / 1000);
        for (const [i, { leaves }] of waits.entries()) if (leaves) h.dispatcher.blocked.forget(h.client(i + 2));
        const left = waits
          .map(({ milliseconds, leaves }, i) => ({ milliseconds, leaves, id: i + 2 }))
          .filter((w) => !w.leaves);
        expect(h.dispatcher.blocked.timed).toBe(left.length);
        for (let now = 1; now <= 50; now++) {
          const later = left.filter((w) => w.milliseconds >= now).map((w) => w.milliseconds);
          expect(h.dispatcher.blocked.nextDeadline).toBe(h.time - now + 1 + Math.min(...later));
          const due = left.filter((w) => w.milliseconds === now).map((w) => `${w.id}: *-1`);
          expect(h.pass(1).sort()).toEqual(due.sort());
        }
        expect(h.dispatcher.blocked.count).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('clients get elements in the order in which they blocked, as in a queue per key', () => {
    const key = fc.constantFrom('k', 'l', 'm');
    const step = fc.oneof(
      fc.record({ wait: fc.uniqueArray(key, { minLength: 1, maxLength: 3 }) }),
      fc.record({ push: key, count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ leave: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const h = new Clients();
        const lists = new Map<string, string[]>([
          ['k', []],
          ['l', []],
          ['m', []],
        ]);
        let queue: { id: number; keys: string[] }[] = [];
        let id = 2;
        let element = 0;
        for (const each of steps) {
          const expected: string[] = [];
          if ('wait' in each) {
            const found = each.wait.find((name) => (lists.get(name) ?? []).length > 0);
            const reply = h.as(id, 'BLPOP', ...each.wait, '0');
            const popped = found === undefined ? undefined : lists.get(found)?.shift();
            expect(reply).toBe(popped === undefined ? '' : `*2 $1 ${found} $${popped.length} ${popped}`);
            if (popped === undefined) queue.push({ id, keys: each.wait });
            id++;
          } else if ('push' in each) {
            const elements = Array.from({ length: each.count }, () => `e${element++}`);
            h.run('RPUSH', each.push, ...elements);
            const list = lists.get(each.push) ?? [];
            list.push(...elements);
            for (const waiter of queue.filter(({ keys }) => keys.includes(each.push))) {
              const popped = list.shift();
              if (popped === undefined) break;
              expected.push(`${waiter.id}: *2 $1 ${each.push} $${popped.length} ${popped}`);
              queue = queue.filter((other) => other !== waiter);
            }
          } else if (queue.length > 0) {
            const [gone] = queue.splice(each.leave % queue.length, 1);
            if (gone) h.dispatcher.blocked.forget(h.client(gone.id));
          }
          expect(h.take()).toEqual(expected);
        }
        for (const [name, left] of lists) expect(h.run('LLEN', name)).toBe(`:${left.length}`);
        expect(h.dispatcher.blocked.count).toBe(queue.length);
      }),
      { numRuns: 60 },
    );
  });
});
