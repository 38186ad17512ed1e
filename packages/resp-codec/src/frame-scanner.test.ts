import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeCommand,
  FrameScanner,
  type FrameScannerOptions,
  ProtocolError,
  ReplyDecoder,
  REQUEST,
  RequestParser,
} from './index.js';
import { anyGarbage, anyReply, pieces, wire } from './replies.fixture.js';

interface Scan {
  /** Stream offsets behind each frame. */
  ends: number[];
  types: string[];
  error: unknown;
}

function scan(kind: 'requests' | 'replies', chunks: Iterable<Uint8Array>, options?: FrameScannerOptions): Scan {
  const scanner = new FrameScanner(kind, options);
  const ends: number[] = [];
  const types: string[] = [];
  let base = 0;
  try {
    for (const chunk of chunks) {
      let start = 0;
      for (let end: number; (end = scanner.next(chunk, start)) !== -1; start = end) {
        expect(end).toBeGreaterThan(start);
        expect(scanner.offset).toBe(base + end);
        expect(scanner.frameLength).toBe(base + end - (ends.at(-1) ?? 0));
        ends.push(base + end);
        types.push(String.fromCharCode(scanner.frameType));
      }
      base += chunk.length;
      expect(scanner.offset).toBe(base);
    }
  } catch (error) {
    return { ends, types, error };
  }
  return { ends, types, error: undefined };
}

/** Where the decoder hands out replies and pushes, and whether it refuses the stream. */
function decoderEnds(stream: Uint8Array): { ends: number[]; error: unknown; complete: boolean } {
  const ends: number[] = [];
  let at = 0;
  const take = (): unknown => ends.push(at);
  const decoder = new ReplyDecoder({ onReply: take, onPush: take });
  try {
    for (const byte of stream) {
      at++;
      decoder.write(Uint8Array.of(byte));
    }
  } catch (error) {
    return { ends, error, complete: false };
  }
  return { ends, error: undefined, complete: decoder.buffered === 0 };
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const cutPoints = fc.array(fc.nat(), { maxLength: 12 });

describe('the boundaries of replies', () => {
  it('are those at which the decoder hands out, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 8 }), cutPoints, (models, cuts) => {
        const stream = new Uint8Array(Buffer.concat(models.map(wire)));
        const { ends, error } = scan('replies', pieces(stream, cuts));
        expect(error).toBeUndefined();
        expect(ends).toEqual(decoderEnds(stream).ends);
        expect(ends).toHaveLength(models.length);
      }),
      { numRuns: 400 },
    );
  });

  it('are those of the decoder in garbage too, up to where it refuses', () => {
    fc.assert(
      fc.property(anyGarbage, cutPoints, (stream, cuts) => {
        const whole = scan('replies', [stream]);
        const decoded = decoderEnds(stream);
        expect(whole.ends.slice(0, decoded.ends.length)).toEqual(decoded.ends);
        if (decoded.error === undefined) expect(whole.ends).toEqual(decoded.ends);
        // The scanner may refuse a line before it ends.
        if (decoded.complete) expect(whole.error).toBeUndefined();
        if (whole.error !== undefined) expect(whole.error).toBeInstanceOf(ProtocolError);
        const cut = scan('replies', pieces(stream, cuts));
        expect(cut.ends).toEqual(whole.ends);
        expect(cut.types).toEqual(whole.types);
        expect(String(cut.error)).toBe(String(whole.error));
      }),
      { numRuns: 600 },
    );
  });

  it('tell pushes from replies, and take attributes to what they annotate', () => {
    const { ends, types } = scan('replies', [bytes('+OK\r\n>1\r\n+x\r\n|1\r\n+a\r\n:1\r\n-ERR\r\n$-1\r\n*0\r\n')]);
    expect(types).toEqual(['+', '>', '-', '$', '*']);
    expect(ends).toEqual([5, 13, 31, 36, 40]);
  });
});

describe('the boundaries of requests', () => {
  const request = fc.oneof(
    fc
      .array(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 300 })), { minLength: 1, maxLength: 5 })
      .map(encodeCommand),
    fc.constantFrom('PING\r\n', 'GET key\n', '\r\n', ' \n', '*0\r\n', '*-1\r\n', '*1\r\n$0\r\n\r\n').map(bytes),
  );

  it('are those of the server-side parser, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 8 }), cutPoints, (requests, cuts) => {
        const stream = new Uint8Array(Buffer.concat(requests));
        const parser = new RequestParser();
        const ends: number[] = [];
        stream.forEach((byte, at) => {
          parser.feed(Uint8Array.of(byte), 0, 1);
          if (parser.next() === REQUEST) ends.push(at + 1);
        });
        expect(scan('requests', pieces(stream, cuts))).toMatchObject({ ends, error: undefined });
      }),
      { numRuns: 500 },
    );
  });

  it('end the same however garbage is cut, with nothing thrown but a ProtocolError', () => {
    fc.assert(
      fc.property(anyGarbage, cutPoints, (stream, cuts) => {
        const whole = scan('requests', [stream]);
        if (whole.error !== undefined) expect(whole.error).toBeInstanceOf(ProtocolError);
        const cut = scan('requests', pieces(stream, cuts));
        expect({ ends: cut.ends, error: String(cut.error) }).toEqual({ ends: whole.ends, error: String(whole.error) });
      }),
      { numRuns: 2000 },
    );
  });

  it('tell inline requests from others', () => {
    expect(scan('requests', [bytes('\r\nPING\r\n*1\r\n$4\r\nPING\r\n')])).toMatchObject({
      ends: [8, 22],
      types: ['\0', '*'],
    });
  });

  it.each([
    ['*1\r\n:1\r\n', 'expected a bulk string in a request (at byte 4)'],
    ['*1\r\n$-1\r\n', 'invalid length (at byte 8)'],
    ['*1\r\n$01\r\n', 'invalid length (at byte 6)'],
    ['*2147483648\r\n', 'invalid multibulk length (at byte 12)'],
    ['*1\r\n$1\r\nab\r\n', 'expected CR (at byte 9)'],
    ['*1\rx', 'expected LF (at byte 3)'],
    ['a\0b\r\n', 'NUL in an inline request (at byte 1)'],
  ])('are refused in %j', (text, message) => {
    expect(scan('requests', [bytes(text)]).error).toMatchObject({ message, reason: 'malformed' });
  });
});

describe('the limits of a scanner', () => {
  it('refuse an announced size at once, and a size that adds up when it is reached', () => {
    for (const text of ['$101\r\n', '*34\r\n', '=4000000000\r\n', `+${'x'.repeat(101)}`]) {
      expect(scan('replies', [bytes(text)], { maxFrame: 100 }).error).toMatchObject({ reason: 'size', offset: 0 });
    }
    expect(scan('replies', [bytes(`+${'x'.repeat(97)}\r\n`.repeat(3))], { maxFrame: 100 }).ends).toHaveLength(3);
  });

  it('refuse what nests too deep, and inline requests that are too long', () => {
    expect(scan('replies', [bytes('*1\r\n'.repeat(3))], { maxDepth: 2 }).error).toMatchObject({ reason: 'depth' });
    expect(scan('requests', [bytes('x'.repeat(101))], { maxInline: 100 }).error).toMatchObject({ reason: 'malformed' });
  });

  it('hold until reset', () => {
    const scanner = new FrameScanner('replies');
    expect(() => scanner.next(bytes('?'))).toThrow(ProtocolError);
    expect(() => scanner.next(bytes('+OK\r\n'))).toThrow("unknown reply type '?' (at byte 0)");
    scanner.reset();
    expect(scanner.next(bytes('+OK\r\n'))).toBe(5);
  });

  it('stand against four billion announced elements without memory for them', () => {
    const scanner = new FrameScanner('replies', { maxFrame: Infinity });
    expect(scanner.next(bytes('*4000000000\r\n'))).toBe(-1);
    expect(scanner.next(bytes(':1\r\n'))).toBe(-1);
    expect(scanner.frameLength).toBe(17);
  });
});
