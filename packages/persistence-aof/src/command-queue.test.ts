import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandQueue } from './command-queue.js';
import { command } from './testing.fixture.js';

function drain(queue: CommandQueue, limit = Infinity): string {
  const batch: Uint8Array[] = [];
  queue.take(limit, batch);
  const text = Buffer.concat(batch).toString('latin1');
  queue.recycle(batch);
  return text;
}

describe('A command queue', () => {
  it('puts a SELECT before a command whenever the database changes', () => {
    const queue = new CommandQueue();
    const ping = command('PING');
    const pinged = ping.toString();
    for (const database of [0, 0, 15, 0]) queue.append(database, ping, 0, ping.length);
    const select = (n: number): string => command('SELECT', String(n)).toString();
    expect(drain(queue)).toBe(`${select(0)}${pinged}${pinged}${select(15)}${pinged}${select(0)}${pinged}`);
    queue.append(0, ping, 0, ping.length);
    expect(drain(queue)).toBe(pinged);
    queue.forgetDatabase();
    queue.append(0, ping, 0, ping.length);
    expect(drain(queue)).toBe(`${select(0)}${pinged}`);
  });

  it('copies what it is given: the bytes may change afterwards', () => {
    const queue = new CommandQueue();
    const bytes = Buffer.from('..first..');
    queue.append(0, bytes, 2, 5);
    bytes.fill(0);
    expect(drain(queue)).toMatch(/first$/);
  });

  it('stops a take at the byte where it was closed', () => {
    const queue = new CommandQueue();
    queue.append(0, Buffer.from('before'), 0, 6);
    queue.close();
    const division = queue.length;
    queue.append(0, Buffer.from('after'), 0, 5);
    expect(drain(queue, division)).toMatch(/before$/);
    expect(drain(queue)).toBe('after');
    expect(queue.length).toBe(0);
  });

  it('keeps every byte in order, over segments, commands larger than one, and any pattern of takes', () => {
    const sizes = fc.array(fc.oneof(fc.nat(100), fc.integer({ min: 60_000, max: 700_000 })), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.array(fc.boolean(), { maxLength: 12 }), (lengths, takes) => {
        const queue = new CommandQueue();
        const source = Buffer.alloc(700_000, 'abcdefghijklmnopqrstuvwxyz0123456789');
        let expected = command('SELECT', '0').toString('latin1');
        let actual = '';
        lengths.forEach((length, i) => {
          queue.append(0, source, i, length - Math.min(i, length));
          expected += source.toString('latin1', i, i + length - Math.min(i, length));
          if (takes[i] === true) actual += drain(queue, 300_000);
        });
        while (queue.length > 0) actual += drain(queue, 300_000);
        expect(actual === (lengths.length === 0 ? '' : expected)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
