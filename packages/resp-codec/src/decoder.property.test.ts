import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError, ReplyDecoder, type ReplyFormat } from './index.js';
import { anyFormat, anyGarbage, anyReply, comparable, type Event, expected, pieces, wire } from './replies.fixture.js';

interface Outcome {
  events: Event[];
  error: unknown;
  buffered: number;
}

/** Feeds chunks; those that may be reused are overwritten right after. */
function decode(chunks: Uint8Array[], format: Partial<ReplyFormat>): Outcome {
  const events: Event[] = [];
  const decoder = new ReplyDecoder({
    ...format,
    onReply: (reply) => events.push(['reply', reply]),
    onPush: (push) => events.push(['push', push]),
    onAttribute: (attribute) => events.push(['attribute', attribute]),
  });
  let error: unknown;
  try {
    for (const chunk of chunks) {
      decoder.write(chunk);
      if (format.bulk !== 'view') chunk.fill(33);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { events, error, buffered: decoder.buffered };
}

const cutPoints = fc.array(fc.nat(), { maxLength: 12 });

describe('decoding what was encoded', () => {
  it('gives the values back, in every format and however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 8 }), anyFormat, cutPoints, (models, format, cuts) => {
        const stream = Buffer.concat(models.map(wire));
        const { events, error, buffered } = decode(pieces(stream, cuts), format);
        expect(error).toBeUndefined();
        expect(comparable(events)).toStrictEqual(comparable(models.flatMap((model) => expected(model, format))));
        expect(buffered).toBe(0);
      }),
      { numRuns: 600 },
    );
  });

  it('gives the same when every byte comes alone', () => {
    fc.assert(
      fc.property(anyReply, anyFormat, (model, format) => {
        const stream = wire(model);
        const single = Array.from(stream, (byte) => Uint8Array.of(byte));
        expect(comparable(decode(single, format).events)).toStrictEqual(comparable(expected(model, format)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('decoding garbage', () => {
  it('throws nothing but a ProtocolError, whose offset lies in the stream', () => {
    fc.assert(
      fc.property(anyGarbage, anyFormat, (stream, format) => {
        const { error } = decode([stream.slice()], format);
        if (error === undefined) return;
        expect(error).toBeInstanceOf(ProtocolError);
        const { offset } = error as ProtocolError;
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThan(stream.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('ends the same, after the same replies, however the stream is cut', () => {
    fc.assert(
      fc.property(anyGarbage, anyFormat, cutPoints, (stream, format, cuts) => {
        const whole = decode([stream.slice()], format);
        const cut = decode(pieces(stream, cuts), format);
        expect(comparable(cut.events)).toStrictEqual(comparable(whole.events));
        expect(cut.error instanceof ProtocolError).toBe(whole.error instanceof ProtocolError);
        if (whole.error === undefined) expect(cut.buffered).toBe(whole.buffered);
      }),
      { numRuns: 2000 },
    );
  });

  it('never holds more than the limit, whatever is announced', () => {
    const maxBuffered = 200;
    fc.assert(
      fc.property(fc.array(anyGarbage, { minLength: 1, maxLength: 8 }), (streams) => {
        const decoder = new ReplyDecoder({ maxBuffered, onReply: () => undefined });
        try {
          for (const stream of streams) {
            decoder.write(stream);
            expect(decoder.buffered).toBeLessThanOrEqual(maxBuffered);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
