import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandEncoder, type CommandArgument, encodeCommand, REQUEST, RequestParser } from './index.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The arguments that the server reads. */
function parse(bytes: Uint8Array): string[][] {
  const parser = new RequestParser();
  parser.feed(bytes, 0, bytes.length);
  const requests: string[][] = [];
  while (parser.next() === REQUEST) {
    const { request } = parser;
    requests.push(
      Array.from({ length: request.argc }, (_, i) => {
        const start = request.offsets[i]!;
        return text(request.bytes.subarray(start, start + request.lengths[i]!));
      }),
    );
  }
  return requests;
}

const utf8 = (value: string): string => text(new TextEncoder().encode(value));

const argument: fc.Arbitrary<{ given: CommandArgument; sent: string }> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }).map((given) => ({ given, sent: utf8(given) })),
  fc.string({ maxLength: 60 }).map((given) => ({ given, sent: given })),
  fc.uint8Array({ maxLength: 200 }).map((given) => ({ given, sent: text(given) })),
  fc.integer().map((given) => ({ given, sent: String(given) })),
  fc.bigInt().map((given) => ({ given, sent: given.toString() })),
  fc
    .integer({ min: 5000, max: 40_000 })
    .map((length) => ({ given: 'é'.repeat(length), sent: utf8('é'.repeat(length)) })),
);

describe('encoding commands', () => {
  it('is what the server reads back, in one command or many', () => {
    fc.assert(
      fc.property(fc.array(fc.array(argument, { minLength: 1, maxLength: 8 }), { maxLength: 8 }), (commands) => {
        const encoder = new CommandEncoder();
        for (const command of commands) encoder.add(command.map(({ given }) => given));
        const sent = commands.map((command) => command.map((one) => one.sent));
        expect(parse(encoder.take())).toEqual(sent);
        expect(commands.flatMap((command) => parse(encodeCommand(command.map(({ given }) => given))))).toEqual(sent);
      }),
      { numRuns: 300 },
    );
  });

  it('writes the field’s format', () => {
    expect(text(encodeCommand(['SET', 'k', Uint8Array.of(0, 255), 12, -3n, 1.5]))).toBe(
      '*6\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\n\0\xff\r\n$2\r\n12\r\n$2\r\n-3\r\n$3\r\n1.5\r\n',
    );
  });

  it('writes infinities as Redis reads them', () => {
    expect(parse(encodeCommand(['ZADD', 'z', Infinity, 'a', -Infinity, 'b']))).toEqual([
      ['ZADD', 'z', 'inf', 'a', '-inf', 'b'],
    ]);
  });

  it('counts bytes, not characters, and replaces lone surrogates', () => {
    expect(parse(encodeCommand(['é€😀', '\ud800', 'x'.repeat(39) + 'é']))).toEqual([
      [utf8('é€😀'), utf8('\ufffd'), utf8('x'.repeat(39) + 'é')],
    ]);
  });
});

describe('a command encoder', () => {
  it('never writes again to what was taken', () => {
    const encoder = new CommandEncoder();
    const taken: { bytes: Uint8Array; copy: string }[] = [];
    for (let i = 0; i < 3000; i++) {
      encoder.add(['SET', `key:${i}`, 'x'.repeat(i % 100)]);
      const bytes = encoder.take();
      taken.push({ bytes, copy: text(bytes) });
    }
    expect(taken.every(({ bytes, copy }) => text(bytes) === copy)).toBe(true);
    expect(taken.flatMap(({ bytes }) => parse(bytes))).toHaveLength(3000);
  });

  it('says how much waits, and gives it once', () => {
    const encoder = new CommandEncoder();
    expect(encoder.length).toBe(0);
    encoder.add(['PING']);
    expect(encoder.length).toBe(14);
    expect(text(encoder.take())).toBe('*1\r\n$4\r\nPING\r\n');
    expect(encoder.take()).toHaveLength(0);
  });

  it('appends nothing of a command that it refuses', () => {
    const encoder = new CommandEncoder();
    encoder.add(['PING']);
    expect(() => encoder.add(['SET', 'x'.repeat(100_000), undefined as unknown as string])).toThrow(TypeError);
    expect(() => encoder.add([])).toThrow('a command needs at least its name');
    expect(text(encoder.take())).toBe('*1\r\n$4\r\nPING\r\n');
  });
});
