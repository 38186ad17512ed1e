import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyWriter } from './reply-writer.js';

/** The bytes that `write` produced, one character each. */
function output(write: (w: ReplyWriter) => void, protocol: 2 | 3 = 2, capacity?: number, pieceSize?: number): string {
  const writer = new ReplyWriter(capacity, pieceSize);
  writer.protocol = protocol;
  write(writer);
  return latin1(writer);
}

const latin1 = (writer: ReplyWriter): string =>
  [...writer.pieces, { bytes: writer.buffer, length: writer.used }]
    .map(({ bytes, length }) => Buffer.from(bytes.subarray(0, length)).toString('latin1'))
    .join('');
const binary = (source: Uint8Array, offset: number, length: number): string =>
  Buffer.from(source.subarray(offset, offset + length)).toString('latin1');
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** [what RESP2 shows, what RESP3 shows] */
const both = (write: (w: ReplyWriter) => void): [string, string] => [output(write, 2), output(write, 3)];

describe('replies that both protocols share', () => {
  it('are simple strings, errors and integers', () => {
    expect(output((w) => w.ok())).toBe('+OK\r\n');
    expect(output((w) => w.simple('PONG'))).toBe('+PONG\r\n');
    expect(output((w) => w.error('ERR syntax error'))).toBe('-ERR syntax error\r\n');
    expect(output((w) => w.bigInteger(-9223372036854775808n))).toBe(':-9223372036854775808\r\n');
    expect(output((w) => w.bigInteger(9007199254740993n))).toBe(':9007199254740993\r\n');
    expect(output((w) => w.bigInteger(-12n))).toBe(':-12\r\n');
    expect(output((w) => w.raw(bytes('x+OK\r\nx'), 1, 5))).toBe('+OK\r\n');
  });

  it('integers come with all their digits', () => {
    const integer = fc.oneof(
      fc.maxSafeInteger(),
      fc.integer(),
      fc.integer({ min: -2, max: 53 }).map((e) => 2 ** e),
      fc.tuple(fc.nat(15), fc.integer({ min: -1, max: 1 })).map(([e, d]) => 10 ** e + d),
    );
    fc.assert(
      fc.property(integer, (n) => {
        const whole = Math.trunc(n);
        expect(output((w) => w.integer(whole))).toBe(`:${whole}\r\n`);
        expect(output((w) => w.bulkInteger(whole))).toBe(`$${String(whole).length}\r\n${whole}\r\n`);
      }),
      { numRuns: 2000 },
    );
  });

  it('bulk strings of any length are copied out of the middle of a buffer', () => {
    const source = Uint8Array.from({ length: 70000 }, (_, i) => (i * 7) & 255);
    for (const length of [0, 1, 9, 10, 11, 31, 47, 48, 49, 83, 84, 85, 99, 100, 101, 127, 128, 129, 999, 1000, 65536]) {
      const text = output((w) => w.bulk(source, 13, length), 2, 1);
      expect(text).toBe(`$${length}\r\n${Buffer.from(source.subarray(13, 13 + length)).toString('latin1')}\r\n`);
    }
  });

  it('bulk strings out of a few buffers in turn, short and long ones, are all exact', () => {
    const sources = [0, 1, 2].map((k) =>
      Uint8Array.from({ length: 400 }, (_, i) => (i * 31 + k * 101) & 255).subarray(k * 3),
    );
    const part = fc.record({ source: fc.nat(2), offset: fc.nat(100), length: fc.nat(200), times: fc.nat(7) });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const writer = new ReplyWriter(16);
        let expected = '';
        for (const { source, offset, length, times } of parts) {
          const bytes = sources[source]!;
          for (let i = 0; i < times; i++) {
            writer.bulk(bytes, offset + i, length);
            writer.raw(bytes, offset, length & 7);
            expected += `$${length}\r\n${binary(bytes, offset + i, length)}\r\n${binary(bytes, offset, length & 7)}`;
          }
        }
        expect(latin1(writer)).toBe(expected);
      }),
    );
  });

  it('texts are bulk strings of their UTF-8, or of one byte per character', () => {
    expect(output((w) => w.bulkText('plain'))).toBe('$5\r\nplain\r\n');
    expect(output((w) => w.bulkText(''))).toBe('$0\r\n\r\n');
    expect(output((w) => w.bulkText('naïve €'))).toBe('$10\r\nna\xc3\xafve \xe2\x82\xac\r\n');
    expect(output((w) => w.bulkLatin1('na\xefve'))).toBe('$5\r\nna\xefve\r\n');
  });

  it('line ends in a text become spaces, at the end of an error they vanish; bytes above ASCII stay bytes', () => {
    expect(output((w) => w.error("ERR unknown '\r\na\n'"))).toBe("-ERR unknown '  a '\r\n");
    expect(output((w) => w.error('MY x\r\n\r\n'))).toBe('-MY x\r\n');
    expect(output((w) => w.error("ERR Protocol error: expected '$', got '\xff'"))).toBe(
      "-ERR Protocol error: expected '$', got '\xff'\r\n",
    );
    expect(output((w) => w.error('ERR €\n.'))).toBe('-ERR \xe2\x82\xac .\r\n');
    expect(output((w) => w.simple('a\rb\n'))).toBe('+a b \r\n');
  });
});

describe('replies that RESP2 lacks', () => {
  it('are downgraded', () => {
    expect(both((w) => w.null())).toEqual(['$-1\r\n', '_\r\n']);
    expect(both((w) => w.nullArray())).toEqual(['*-1\r\n', '_\r\n']);
    expect(both((w) => w.array(12))).toEqual(['*12\r\n', '*12\r\n']);
    expect(both((w) => w.map(6))).toEqual(['*12\r\n', '%6\r\n']);
    expect(both((w) => w.set(3))).toEqual(['*3\r\n', '~3\r\n']);
    expect(both((w) => w.push(3))).toEqual(['*3\r\n', '>3\r\n']);
    expect(both((w) => w.attribute(1))).toEqual(['', '|1\r\n']);
    expect(both((w) => w.boolean(true))).toEqual([':1\r\n', '#t\r\n']);
    expect(both((w) => w.boolean(false))).toEqual([':0\r\n', '#f\r\n']);
    expect(both((w) => w.double(0.1))).toEqual(['$3\r\n0.1\r\n', ',0.1\r\n']);
    expect(both((w) => w.double(-Infinity))).toEqual(['$4\r\n-inf\r\n', ',-inf\r\n']);
    expect(both((w) => w.bigNumber(2n ** 70n))).toEqual([
      '$22\r\n1180591620717411303424\r\n',
      '(1180591620717411303424\r\n',
    ]);
    expect(both((w) => w.verbatim('txt', 'a\nb'))).toEqual(['$3\r\na\nb\r\n', '=7\r\ntxt:a\nb\r\n']);
    expect(both((w) => w.verbatim('mkd', '€'))).toEqual(['$3\r\n\xe2\x82\xac\r\n', '=7\r\nmkd:\xe2\x82\xac\r\n']);
  });
});

describe('deferred collections', () => {
  it('get the header of their final size and leave no gap', () => {
    const write = (w: ReplyWriter): void => {
      const map = w.beginDeferred();
      w.bulkText('k');
      const set = w.beginDeferred();
      for (let i = 0; i < 12; i++) w.integer(i);
      w.endDeferredSet(set, 12);
      w.bulkText('e');
      const empty = w.beginDeferred();
      w.endDeferredArray(empty, 0);
      w.endDeferredMap(map, 2);
      w.ok();
    };
    const integers = Array.from({ length: 12 }, (_, i) => `:${i}\r\n`).join('');
    expect(both(write)).toEqual([
      `*4\r\n$1\r\nk\r\n*12\r\n${integers}$1\r\ne\r\n*0\r\n+OK\r\n`,
      `%2\r\n$1\r\nk\r\n~12\r\n${integers}$1\r\ne\r\n*0\r\n+OK\r\n`,
    ]);
  });

  it('hold any nesting, whatever the buffer had room for', () => {
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, fc.nat(100000), fc.array(tie('tree'), { maxLength: 12 })),
    }));
    const known = (w: ReplyWriter, t: Tree): void => {
      if (typeof t === 'number') {
        w.integer(t);
        return;
      }
      w.array(t.length);
      t.forEach((child) => known(w, child));
    };
    const deferred = (w: ReplyWriter, t: Tree): void => {
      if (typeof t === 'number') {
        w.integer(t);
        return;
      }
      const token = w.beginDeferred();
      t.forEach((child) => deferred(w, child));
      w.endDeferredArray(token, t.length);
    };
    fc.assert(
      fc.property(tree, fc.nat(100), (t, capacity) => {
        expect(output((w) => deferred(w, t), 3, capacity)).toBe(output((w) => known(w, t), 3));
        expect(output((w) => deferred(w, t), 3, 64, 64 + capacity)).toBe(output((w) => known(w, t), 3));
      }),
    );
  });
});

type Tree = number | Tree[];

describe('the buffer', () => {
  it('grows by doubling, is kept across flushes, and is let go after a huge reply', () => {
    const writer = new ReplyWriter(64);
    expect(writer.buffer.length).toBe(0);
    writer.ok();
    const first = writer.buffer;
    expect(first.length).toBe(64);
    writer.reset();
    expect(writer.length).toBe(0);
    for (let i = 0; i < 13; i++) writer.ok();
    expect(writer.buffer.length).toBe(128);
    writer.reset();
    expect(writer.buffer.length).toBe(128);
    const huge = new Uint8Array(5 << 20);
    writer.bulk(huge, 0, huge.length);
    expect(writer.buffer.length).toBeLessThan(huge.length * 2);
    writer.reset();
    expect(writer.buffer.length).toBe(0);
    writer.simple('x');
    expect(latin1(writer)).toBe('+x\r\n');
  });

  it('leaves its buffer to another and goes on with a new one', () => {
    const writer = new ReplyWriter();
    writer.bulkText('first');
    const { buffer } = writer;
    writer.giveUpBuffer();
    writer.bulkText('other');
    expect(Buffer.from(buffer.subarray(0, 11)).toString()).toBe('$5\r\nfirst\r\n');
    expect(writer.buffer).not.toBe(buffer);
    expect(Buffer.from(writer.buffer.subarray(0, writer.length)).toString()).toBe('$5\r\nother\r\n');
  });

  it('is put aside when it is full: no piece is larger than it may be, unless one element is', () => {
    const writer = new ReplyWriter(64, 256);
    const elements = [3, 200, 100, 1000, 0, 255, 256, 257, 10].map((length) => new Uint8Array(length).fill(0x61));
    const expected: string[] = [];
    for (let round = 0; round < 20; round++) {
      for (const bytes of elements) {
        writer.bulk(bytes, 0, bytes.length);
        writer.integer(round);
        expected.push(`$${bytes.length}\r\n${'a'.repeat(bytes.length)}\r\n:${round}\r\n`);
      }
    }
    expect(latin1(writer)).toBe(expected.join(''));
    expect(writer.length).toBe(expected.join('').length);
    for (const { bytes, length } of writer.pieces) {
      expect(bytes.length).toBeLessThanOrEqual(1100);
      if (bytes.length > 256) expect(length).toBeGreaterThan(256);
    }
    const last = writer.pieces[0]?.bytes;
    writer.reset();
    expect(writer.pieces).toEqual([]);
    writer.ok();
    expect(latin1(writer)).toBe('+OK\r\n');
    expect(writer.buffer).not.toBe(last);
  });

  it('can be cut back to any place in what was put aside, and finds errors behind it', () => {
    const write = (writer: ReplyWriter, from: number, to: number): void => {
      for (let i = from; i < to; i++) writer.bulkText('x'.repeat(i % 90));
    };
    for (let kept = 0; kept < 60; kept++) {
      const writer = new ReplyWriter(16, 64);
      write(writer, 0, kept);
      const mark = writer.length;
      writer.array(60 - kept);
      write(writer, kept, 60);
      expect(writer.isErrorAt(mark)).toBe(false);
      writer.truncate(mark);
      writer.error('WRONG kind');
      expect(writer.isErrorAt(mark)).toBe(true);
      expect(writer.errorCodeAt(mark)).toBe('WRONG');
      expect(latin1(writer)).toBe(`${output((w) => write(w, 0, kept))}-WRONG kind\r\n`);
    }
  });

  it('keeps nothing of what is too long, whatever is written on, until it is reset', () => {
    const writer = new ReplyWriter(64, 256);
    const asked: number[] = [];
    writer.limit = {
      isTooLong: (length) => {
        asked.push(length);
        return length > 2000;
      },
    };
    const bytes = new Uint8Array(100);
    const long = new Uint8Array(100_000);
    const list = writer.beginDeferred();
    for (let i = 0; i < 1000; i++) writer.bulk(bytes, 0, bytes.length);
    expect(writer.pieces).toEqual([]);
    expect(writer.buffer.length).toBe(256);
    expect(asked.at(-1)).toBeLessThan(2300);
    writer.bulk(long, 0, long.length);
    expect(writer.buffer.length).toBe(256);
    writer.endDeferredArray(list, 1001);
    const mark = writer.length;
    writer.raw(long, 0, long.length);
    writer.truncate(mark);
    writer.truncate(10);
    writer.reset();
    writer.bulkText('next');
    expect(latin1(writer)).toBe('$4\r\nnext\r\n');
  });

  it('leaves room for an integer that comes first and is known last', () => {
    for (const n of [0, 7, 4294967295]) {
      for (const length of [1, 30, 300]) {
        const wanted = `*2\r\n$${String(n).length}\r\n${n}\r\n*${length}\r\n${':5\r\n'.repeat(length)}`;
        const write = (w: ReplyWriter): void => {
          w.array(2);
          const cursor = w.beginDeferredInteger();
          const list = w.beginDeferred();
          for (let i = 0; i < length; i++) w.integer(5);
          w.endDeferredArray(list, length);
          w.endDeferredInteger(cursor, n);
        };
        expect(output(write)).toBe(wanted);
        expect(output(write, 2, 64, 64)).toBe(wanted);
      }
    }
  });

  it('can be cut back to what it held before', () => {
    const writer = new ReplyWriter();
    writer.ok();
    const mark = writer.length;
    writer.array(2);
    writer.integer(1);
    writer.truncate(mark);
    writer.error('ERR no');
    expect(latin1(writer)).toBe('+OK\r\n-ERR no\r\n');
  });
});
