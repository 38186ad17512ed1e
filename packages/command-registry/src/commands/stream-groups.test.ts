import { beforeEach, describe, expect, it } from 'vitest';
import { Harness, unit } from '../harness.fixture.js';

let server: Harness;
const run = (line: string): string => server.run(...line.split(' '));

beforeEach(() => {
  server = new Harness();
  server.prepare('XADD s 1 a 1', 'XADD s 2 a 2', 'XADD s 3 a 3', 'XGROUP CREATE s g 0');
});

describe('the times of consumers', () => {
  const times = (name: string): string[] => {
    const consumer = new RegExp(`name \\$\\d+ ${name} \\$7 pending :\\d+ \\$4 idle :(\\d+) \\$8 inactive :(-?\\d+)`);
    return (consumer.exec(run('XINFO CONSUMERS s g')) ?? []).slice(1);
  };

  it('are since the last attempt, and since the last one that gave something', () => {
    run('XREADGROUP GROUP g c COUNT 3 STREAMS s >');
    server.advance(50);
    expect(times('c')).toEqual(['50', '50']);
    run('XREADGROUP GROUP g c STREAMS s >');
    server.advance(7);
    expect(times('c')).toEqual(['7', '57']);
  });

  it('say that a consumer was never given anything', () => {
    run('XGROUP CREATECONSUMER s g c');
    server.advance(5);
    expect(times('c')).toEqual(['5', '-1']);
  });

  it('do not count history and reading without acknowledgment as being given something', () => {
    run('XREADGROUP GROUP g c COUNT 1 STREAMS s >');
    server.advance(10);
    run('XREADGROUP GROUP g c STREAMS s 0');
    run('XREADGROUP GROUP g d NOACK STREAMS s >');
    server.advance(1);
    expect(times('c')).toEqual(['1', '11']);
    expect(times('d')).toEqual(['1', '-1']);
  });

  it('count claiming', () => {
    run('XREADGROUP GROUP g c STREAMS s >');
    run('XCLAIM s g d 0 9');
    run('XAUTOCLAIM s g e 100 0');
    server.advance(20);
    run('XCLAIM s g d 0 1');
    run('XAUTOCLAIM s g e 0 2 COUNT 1');
    server.advance(3);
    expect(times('c')).toEqual(['23', '23']);
    expect(times('d')).toEqual(['3', '3']);
    expect(times('e')).toEqual(['3', '3']);
  });

  it('are absolute in XINFO STREAM FULL', () => {
    const start = server.time;
    run('XREADGROUP GROUP g c COUNT 1 STREAMS s >');
    server.advance(10);
    run('XREADGROUP GROUP g c COUNT 0 STREAMS s 0');
    const reply = run('XINFO STREAM s FULL');
    expect(reply).toContain(`$9 seen-time :${start + 10} $11 active-time :${start} $9 pel-count :1`);
    expect(reply).toContain(`$7 pending *1 *3 $3 1-0 :${start + 10} :2`);
  });
});

describe('pending entries', () => {
  it('are idle since their last delivery', () => {
    run('XREADGROUP GROUP g c COUNT 1 STREAMS s >');
    server.advance(100);
    run('XREADGROUP GROUP g c COUNT 1 STREAMS s >');
    server.advance(10);
    expect(run('XPENDING s g - + 10')).toBe('*2 *4 $3 1-0 $1 c :110 :1 *4 $3 2-0 $1 c :10 :1');
    expect(run('XPENDING s g IDLE 11 - + 10')).toBe('*1 *4 $3 1-0 $1 c :110 :1');
    expect(run('XPENDING s g IDLE 110 - + 10')).toBe('*1 *4 $3 1-0 $1 c :110 :1');
    expect(run('XPENDING s g IDLE 111 - + 10')).toBe('*0');
  });

  it('are not idle for a negative time when the clock went back', () => {
    run('XREADGROUP GROUP g c COUNT 1 STREAMS s >');
    server.advance(-1000);
    expect(run('XPENDING s g - + 10')).toBe('*1 *4 $3 1-0 $1 c :0 :1');
    expect(run('XINFO CONSUMERS s g')).toContain('$4 idle :0 $8 inactive :0');
  });

  it('can be claimed when they were idle for long enough', () => {
    run('XREADGROUP GROUP g c STREAMS s >');
    server.advance(100);
    expect(run('XCLAIM s g d 101 1 JUSTID')).toBe('*0');
    expect(run('XCLAIM s g d 100 1 JUSTID')).toBe('*1 $3 1-0');
    expect(run('XAUTOCLAIM s g d 100 0 COUNT 1')).toBe('*3 $3 3-0 *1 *2 $3 2-0 *2 $1 a $1 2 *0');
    expect(run('XPENDING s g - + 10 d')).toBe('*2 *4 $3 1-0 $1 d :0 :1 *4 $3 2-0 $1 d :0 :2');
  });

  it('can be claimed as if they had been delivered at another time', () => {
    const start = server.time;
    run('XREADGROUP GROUP g c STREAMS s >');
    run('XCLAIM s g c 0 1 IDLE 30 JUSTID');
    run(`XCLAIM s g c 0 2 TIME ${start - 40} JUSTID`);
    run(`XCLAIM s g c 0 3 TIME ${start + 40} JUSTID`);
    expect(run('XPENDING s g - + 10')).toBe('*3 *4 $3 1-0 $1 c :30 :1 *4 $3 2-0 $1 c :40 :1 *4 $3 3-0 $1 c :0 :1');
  });
});

describe('what is repeated elsewhere', () => {
  const claim = (consumer: string, id: string, time: number, count: number, last: string): string =>
    `0: XCLAIM s g ${consumer} 0 ${id} TIME ${time} RETRYCOUNT ${count} FORCE JUSTID LASTID ${last}`;

  it('is each delivery with its time', () => {
    const { effects, events } = server.trace(...'XREADGROUP GROUP g c COUNT 2 STREAMS s >'.split(' '));
    expect(effects).toEqual(unit(claim('c', '1-0', server.time, 1, '1-0'), claim('c', '2-0', server.time, 1, '2-0')));
    expect(events).toEqual(['0: xgroup-createconsumer s']);
  });

  it('is how far the group is when nothing becomes pending', () => {
    const { effects } = server.trace(...'XREADGROUP GROUP g c NOACK COUNT 2 STREAMS s >'.split(' '));
    expect(effects).toEqual(unit('0: XGROUP CREATECONSUMER s g c', '0: XGROUP SETID s g 2-0 ENTRIESREAD 2'));
  });

  it('is nothing for what is read again', () => {
    server.prepare('XREADGROUP GROUP g c STREAMS s >');
    expect(server.trace(...'XREADGROUP GROUP g c STREAMS s 0'.split(' ')).effects).toEqual([]);
  });

  it('is the state after a claim, the owner of a deleted entry included', () => {
    server.prepare('XREADGROUP GROUP g c STREAMS s >', 'XDEL s 2');
    server.advance(5);
    const { effects } = server.trace(...'XAUTOCLAIM s g d 0 0 COUNT 2'.split(' '));
    expect(effects).toEqual(
      unit(claim('d', '1-0', server.time, 2, '3-0'), claim('c', '2-0', server.time - 5, 1, '3-0')),
    );
    expect(run('XPENDING s g')).toBe('*4 :2 $3 1-0 $3 3-0 *2 *2 $1 c $1 1 *2 $1 d $1 1');
  });

  it('gives the same groups when it is loaded, with the same lag', () => {
    const twin = new Harness();
    twin.keyspace.loading = true;
    const repeated = (line: string): void => {
      for (const effect of server.trace(...line.split(' ')).effects) twin.run(...effect.slice(3).split(' '));
    };
    const groups = (): string => run('XINFO GROUPS s');
    server.run('DEL', 's');
    server.takeEffects();
    for (let i = 1; i < 12; i++) repeated(`XADD s ${i} a ${i}`);
    repeated('XGROUP CREATE s g 0');
    repeated('XREADGROUP GROUP g c COUNT 3 STREAMS s >');
    expect(groups()).toContain('$12 entries-read :3 $3 lag :8');
    expect(twin.run('XINFO', 'GROUPS', 's')).toBe(groups());
    for (const line of ['XDEL s 2 8', 'XCLAIM s g d 0 1 2 IDLE 50', 'XAUTOCLAIM s g e 0 3', 'XACK s g 1'])
      repeated(line);
    for (const line of ['COUNT 2 STREAMS s >', 'NOACK COUNT 1 STREAMS s >', 'COUNT 3 STREAMS s >', 'STREAMS s >']) {
      repeated(`XREADGROUP GROUP g e ${line}`);
      expect(twin.run('XINFO', 'GROUPS', 's')).toBe(groups());
    }
    expect(groups()).toContain('$12 entries-read :11 $3 lag :0');
    const pending = run('XPENDING s g - + 100');
    expect(pending).toMatch(/^\*7 .*:0 :1$/);
    expect(twin.run('XPENDING', 's', 'g', '-', '+', '100')).toBe(pending);
  });
});

describe('a session that may not block', () => {
  it('is answered as if time were over', () => {
    server.session.mayBlock = false;
    expect(run('XREADGROUP GROUP g c BLOCK 0 NOACK STREAMS s >')).toMatch(/^\*1 /);
    expect(run('XREADGROUP GROUP g c BLOCK 0 NOACK STREAMS s >')).toBe('*-1');
  });
});

it('a snapshot sees pending entries as they were when it began', () => {
  const seen: number[] = [];
  const snapshot = server.keyspace.beginSnapshot({
    record: (_, record) => seen.push(server.keyspace.streams.groups(record).get('g')!.pending.size),
    parts: () => expect.unreachable('a small stream'),
  });
  run('XREADGROUP GROUP g c STREAMS s >');
  snapshot.step(() => false);
  expect(seen).toEqual([0]);
});

it('entries read by thousands at a time are pending, acknowledged and forgotten', () => {
  for (let i = 4; i <= 1000; i++) run(`XADD s ${i} a ${i}`);
  run('XREADGROUP GROUP g c STREAMS s >');
  expect(run('XPENDING s g')).toBe('*4 :1000 $3 1-0 $6 1000-0 *1 *2 $1 c $4 1000');
  for (let i = 1; i <= 1000; i++) expect(run(`XACK s g ${(i * 3) % 1001}`)).toBe(':1');
  expect(run('XPENDING s g')).toBe('*4 :0 $-1 $-1 *-1');
});
