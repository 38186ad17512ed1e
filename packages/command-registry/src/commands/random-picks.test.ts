// Random elements with repetition: replies far longer than the data and the request.
import { ReplyWriter } from '@clone/resp-codec';
import { describe, expect, it } from 'vitest';
import { Harness, requestOf } from '../harness.fixture.js';
import { ReplyMode, Session } from '../session.js';

/** Numbers in [0, 1), another one at each call. */
function chance(): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
}

class Client extends Harness {
  readonly client = new Session({ id: 2, mayBlock: true });

  constructor() {
    super(chance());
    this.prepare('SADD s aa bb cc', 'HSET h f1 v1 f2 v2', 'ZADD z 1 m1 2 m2');
  }

  ask(line: string): string {
    return this.execute(requestOf(...line.split(' ')), this.client);
  }

  /** The next slice; undefined when the reply is over. */
  slice(): string | undefined {
    const { rest } = this.client;
    if (rest === undefined) return undefined;
    const reply = new ReplyWriter();
    if (rest.write(reply)) this.client.rest = undefined;
    return Buffer.from(reply.buffer.subarray(0, reply.length)).toString('latin1');
  }
}

/** Bytes of a slice, and what the last element may have more. */
const SLICE = 256 * 1024 + 100;

describe('many random elements', () => {
  it('come in slices, as many as the header says', () => {
    const h = new Client();
    let reply = h.ask('SRANDMEMBER s -200000').replaceAll(' ', '\r\n') + '\r\n';
    expect(reply.length).toBeLessThan(SLICE);
    for (let slice = h.slice(); slice !== undefined; slice = h.slice()) {
      expect(slice.length).toBeLessThan(SLICE);
      reply += slice;
    }
    const [header, ...elements] = reply.split(/\r\n(?=\$)/);
    expect(header).toBe('*200000');
    expect(elements).toHaveLength(200_000);
    for (const member of ['aa', 'bb', 'cc']) {
      const share = elements.filter((element) => element.startsWith(`$2\r\n${member}`)).length / elements.length;
      expect(share).toBeGreaterThan(0.32);
      expect(share).toBeLessThan(0.347);
    }
  });

  it.each([
    ['SRANDMEMBER s -9223372036854775807', '*9223372036854775807 '],
    ['HRANDFIELD h -9223372036854775807', '*9223372036854775807 '],
    ['HRANDFIELD h -4611686018427387903 WITHVALUES', '*9223372036854775806 '],
    ['ZRANDMEMBER z -9223372036854775807', '*9223372036854775807 '],
    ['ZRANDMEMBER z -4611686018427387903 WITHSCORES', '*9223372036854775806 '],
  ])('may be more than anybody will ever read: %s', (line, header) => {
    const h = new Client();
    const reply = h.ask(line);
    expect(reply.startsWith(header)).toBe(true);
    expect(reply.length).toBeLessThan(SLICE);
    for (let i = 0; i < 10; i++) expect(h.slice()!.length).toBeLessThan(SLICE);
  });

  it('are those of the moment when the command ran, whatever becomes of the key', () => {
    const h = new Client();
    h.ask('HRANDFIELD h -1000000 WITHVALUES');
    h.prepare('HSET h f1 other f3 v3', 'DEL h', 'SET h x');
    for (let i = 0; i < 5; i++) expect(h.slice()).toMatch(/^(\$2\r\nf1\r\n\$2\r\nv1\r\n|\$2\r\nf2\r\n\$2\r\nv2\r\n)+$/);
  });

  it('are pairs in RESP3', () => {
    const h = new Client();
    h.client.protocol = 3;
    expect(h.ask('ZRANDMEMBER z -1000000 WITHSCORES')).toMatch(/^\*1000000 (\*2 \$2 m(\d) ,\2 ?)+$/);
    expect(h.slice()).toMatch(/^(\*2\r\n\$2\r\nm(\d)\r\n,\2\r\n)+$/);
  });

  it('come at once when they are no more than the elements, however long they are', () => {
    const h = new Client();
    h.run('HSET', 'big', 'a', 'x'.repeat(400_000), 'b', 'y'.repeat(400_000));
    expect(h.ask('HRANDFIELD big -2 WITHVALUES').length).toBeGreaterThan(800_000);
    expect(h.client.rest).toBeUndefined();
    // One more, and the length counts: the first is a slice.
    expect(h.ask('HRANDFIELD big -3 WITHVALUES').length).toBeLessThan(400_100);
    expect(h.slice()!.length).toBeLessThan(400_100);
    expect(h.slice()!.length).toBeLessThan(400_100);
    expect(h.slice()).toBeUndefined();
  });

  it('are not made for a client that gets no replies', () => {
    const h = new Client();
    h.client.replyMode = ReplyMode.off;
    expect(h.ask('SRANDMEMBER s -9223372036854775807')).toBe('');
    expect(h.client.rest).toBeUndefined();
  });
});

describe('many random elements in a transaction', () => {
  const exec = (line: string): string => {
    const h = new Client();
    for (const each of ['MULTI', line]) h.ask(each);
    const reply = h.ask('EXEC');
    expect(h.client.rest).toBeUndefined();
    return reply;
  };

  it('come at once', () => {
    expect(exec('SRANDMEMBER s -100000').split('$2')).toHaveLength(100_001);
  });

  it('are refused when the reply would be too long for that', () => {
    const refusal = '*1 -ERR The reply is too long to be made in one piece, as a transaction needs it';
    expect(exec('SRANDMEMBER s -9223372036854775807')).toBe(refusal);
    expect(exec('HRANDFIELD h -2500000 WITHVALUES')).toBe(refusal);
    expect(exec('ZRANDMEMBER z -2500000')).toBe(refusal);
  });
});
