import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { latin1 } from '../context.js';
import { Harness } from '../harness.fixture.js';

function bulk(bytes: Uint8Array): string {
  return bytes.length === 0 ? '$0' : `$${bytes.length} ${latin1(bytes, 0, bytes.length)}`;
}

// The harness shows line ends as blanks.
const bytes = fc.uint8Array({ maxLength: 40 }).filter((each) => !each.includes(13));

describe('GETRANGE', () => {
  it('cuts as Array.slice does, but for an end before the start', () => {
    const h = new Harness();
    const index = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(bytes, index, index, (value, start, end) => {
        h.run('SET', 'k', value);
        const from = start < 0 ? Math.max(value.length + start, 0) : start;
        const to = end < 0 ? Math.max(value.length + end, 0) : end;
        const crossed = start < 0 && end < 0 && start > end;
        const expected = crossed ? new Uint8Array(0) : value.slice(from, to + 1);
        expect(h.run('GETRANGE', 'k', start, end)).toBe(bulk(expected));
        expect(h.run('SUBSTR', 'k', start, end)).toBe(bulk(expected));
      }),
    );
  });

  it('reads a number as its text', () => {
    const h = new Harness();
    h.prepare('SET k -12345');
    expect(h.trace('GETRANGE', 'k', 0, 2)).toEqual({ reply: '$3 -12', effects: [], events: [] });
    expect(h.run('OBJECT', 'ENCODING', 'k')).toBe('$3 int');
  });
});

describe('SETRANGE', () => {
  it('writes over, extends, and fills a gap with zeros', () => {
    const h = new Harness();
    fc.assert(
      fc.property(bytes, fc.nat(60), bytes, (value, at, part) => {
        fc.pre(part.length > 0);
        h.run('SET', 'k', value);
        const expected = new Uint8Array(Math.max(value.length, at + part.length));
        expected.set(value);
        expected.set(part, at);
        expect(h.run('SETRANGE', 'k', at, part)).toBe(`:${expected.length}`);
        expect(h.run('GET', 'k')).toBe(bulk(expected));
      }),
    );
  });

  it('is fed as it came, unless nothing is written', () => {
    const h = new Harness();
    expect(h.trace('SETRANGE', 'k', 2, 'x')).toEqual({
      reply: ':3',
      effects: ['0: SETRANGE k 2 x'],
      events: ['0: setrange k'],
    });
    expect(h.trace('SETRANGE', 'k', 9, '')).toEqual({ reply: ':3', effects: [], events: [] });
    expect(h.trace('SETRANGE', 'none', 9, '')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.run('EXISTS', 'none')).toBe(':0');
  });

  it('refuses to make a string too long, without making room for it', () => {
    const h = new Harness();
    const before = h.keyspace.usedMemory;
    expect(h.trace('SETRANGE', 'k', 512 * 1024 * 1024, 'x')).toEqual({
      reply: '-ERR string exceeds maximum allowed size (proto-max-bulk-len)',
      effects: [],
      events: [],
    });
    expect(h.keyspace.usedMemory).toBe(before);
  });
});

describe('APPEND', () => {
  it('adds to what is there, and keeps the time to live', () => {
    const h = new Harness();
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 10 }), (parts) => {
        h.run('DEL', 'k');
        let length = 0;
        for (const part of parts) expect(h.run('APPEND', 'k', part)).toBe(`:${(length += part.length)}`);
        expect(h.run('GET', 'k')).toBe(bulk(Uint8Array.from(parts.flatMap((part) => [...part]))));
      }),
    );
    h.prepare('SET k v EX 100');
    expect(h.trace('APPEND', 'k', 'w')).toEqual({ reply: ':2', effects: ['0: APPEND k w'], events: ['0: append k'] });
    expect(h.run('TTL', 'k')).toBe(':100');
  });
});
