import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_REQUEST_LIMITS, NEED_MORE, PROTOCOL_ERROR, REQUEST, RequestParser } from './request-parser.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** What a parser makes of a stream: one line per request, then the error if there is one. Copies, as an owner must. */
function drain(parser: RequestParser, log: string[]): void {
  for (;;) {
    const answer = parser.next();
    if (answer === NEED_MORE) return;
    if (answer === PROTOCOL_ERROR) {
      const line = `error: ${parser.error}`;
      if (log.at(-1) !== line) log.push(line);
      return;
    }
    const r = parser.request;
    const args = Array.from({ length: r.argc }, (_, i) =>
      String.fromCharCode(...r.bytes.subarray(r.offsets[i], r.offsets[i]! + r.lengths[i]!)),
    );
    log.push(JSON.stringify(args));
    if (!r.inline && r.bytes[r.start] !== 0x2a) log.push('start does not point at the request');
    if (!r.inline && r.end !== r.offsets[r.argc - 1]! + r.lengths[r.argc - 1]! + 2) log.push('end does not');
  }
}

/** Feeds the pieces through one reused chunk that is overwritten after each, as a socket's read buffer is. */
function parse(pieces: readonly Uint8Array[], prepare?: (parser: RequestParser) => void): string[] {
  const parser = new RequestParser();
  prepare?.(parser);
  const log: string[] = [];
  const chunk = new Uint8Array(Math.max(0, ...pieces.map((p) => p.length)) + 7);
  for (const piece of pieces) {
    chunk.fill(0x24);
    chunk.set(piece, 3);
    parser.feed(chunk, 3, 3 + piece.length);
    drain(parser, log);
    chunk.fill(0x2a);
  }
  return log;
}

const parseText = (text: string, prepare?: (parser: RequestParser) => void): string[] => parse([bytes(text)], prepare);

/** One error per stream, and no request: the usual shape of the tests on limits. */
const errorOf = (text: string, prepare?: (parser: RequestParser) => void): string => {
  const log = parseText(text, prepare);
  expect(log.length).toBeLessThanOrEqual(1);
  return log[0] ?? 'none';
};

function command(...args: string[]): string {
  return `*${args.length}\r\n${args.map((a) => `$${a.length}\r\n${a}\r\n`).join('')}`;
}

describe('multibulk requests', () => {
  it('are found in place, one after the other', () => {
    const parser = new RequestParser();
    const chunk = bytes(command('SET', 'key', 'value') + command('GET', 'key'));
    parser.feed(chunk, 0, chunk.length);
    expect(parser.next()).toBe(REQUEST);
    expect(parser.request.bytes).toBe(chunk);
    expect([...parser.request.offsets.subarray(0, 3)]).toEqual([8, 17, 26]);
    expect([...parser.request.lengths.subarray(0, 3)]).toEqual([3, 3, 5]);
    expect([parser.request.start, parser.request.end]).toEqual([0, 33]);
    expect(parser.next()).toBe(REQUEST);
    expect([parser.request.start, parser.request.end]).toEqual([33, chunk.length]);
    expect(parser.next()).toBe(NEED_MORE);
    expect(parser.request.bytes).not.toBe(chunk);
  });

  it('may hold any bytes and empty arguments', () => {
    expect(parseText(command('SET', '', '\r\n\0$*\xff'))).toEqual([JSON.stringify(['SET', '', '\r\n\0$*\xff'])]);
  });

  it('without arguments are ignored', () => {
    expect(parseText(`*0\r\n*-1\r\n*-99999\r\n${command('PING')}*0\r\n`)).toEqual(['["PING"]']);
  });

  it('are accepted with other bytes in the places of line feeds and line ends after bulks, as Redis does', () => {
    expect(parseText('*1\rX$4\rYPINGZZ*1\r\n$4\r\nPING\r\n')).toEqual(['["PING"]', '["PING"]']);
  });

  it('may have more arguments than there was room for', () => {
    const args = Array.from({ length: 1000 }, (_, i) => `a${i}`);
    expect(parseText(command(...args) + command('PING'))).toEqual([JSON.stringify(args), '["PING"]']);
  });

  it('with a length that is not a canonical number are refused', () => {
    for (const count of ['a', '', '01', '+1', '-0', '1 ', '2147483648', '99999999999999999999', '-', '1\n']) {
      expect(errorOf(`*${count}\r\n`)).toBe('error: invalid multibulk length');
    }
    for (const length of ['a', '', '01', '+1', '-1', '-0', '536870913', '99999999999999999999', '1234567890']) {
      expect(errorOf(`*1\r\n$${length}\r\n`)).toBe('error: invalid bulk length');
    }
    expect(errorOf('*2147483647\r\n')).toBe('none');
    expect(errorOf('*1\r\n$536870912\r\n')).toBe('none');
  });

  it('whose argument does not begin with a dollar are refused, once the whole line is there', () => {
    expect(errorOf('*1\r\nx4\r')).toBe('none');
    expect(errorOf('*1\r\nx4\r\n')).toBe("error: expected '$', got 'x'");
    expect(errorOf('*1\r\n\xff4\r\n')).toBe("error: expected '$', got '\xff'");
    expect(errorOf('*1\r\n\n4\r\n')).toBe("error: expected '$', got '\n'");
    expect(errorOf('*1\r\n\rX')).toBe("error: expected '$', got '\r'");
    expect(errorOf('*1\r\n4\r\n')).toBe("error: expected '$', got '4'");
  });

  it('whose length lines do not end are refused after 64 KB', () => {
    const digits = '1'.repeat(65535);
    expect(errorOf(`*${digits}`)).toBe('none');
    expect(errorOf(`*${digits}1`)).toBe('error: too big mbulk count string');
    expect(errorOf(`*${digits}\r\n`)).toBe('error: invalid multibulk length');
    expect(errorOf(`*1\r\n$${digits}`)).toBe('none');
    expect(errorOf(`*1\r\n$${digits}1`)).toBe('error: too big bulk count string');
  });

  it('with a NUL in a length line never see its end', () => {
    expect(errorOf(`*1\0\r\n$4\r\nPING\r\n${command('PING')}`)).toBe('none');
    expect(errorOf(`*1\0\r\n${'x'.repeat(65536)}`)).toBe('error: too big mbulk count string');
  });
});

describe('before authentication', () => {
  const unauthenticated = (parser: RequestParser): void => {
    parser.authenticated = false;
  };

  it('ten arguments and 16 KB each are allowed, and no more', () => {
    const ten = Array.from({ length: 10 }, () => 'x');
    expect(parseText(command(...ten), unauthenticated)).toEqual([JSON.stringify(ten)]);
    expect(errorOf('*11\r\n', unauthenticated)).toBe('error: unauthenticated multibulk length');
    expect(errorOf('*2147483648\r\n', unauthenticated)).toBe('error: invalid multibulk length');
    expect(errorOf('*1\r\n$16384\r\n', unauthenticated)).toBe('none');
    expect(errorOf('*1\r\n$16385\r\n', unauthenticated)).toBe('error: unauthenticated bulk length');
    expect(errorOf('*1\r\n$536870913\r\n', unauthenticated)).toBe('error: invalid bulk length');
  });

  it('the request that authenticates lifts the limits for those behind it in the same chunk', () => {
    const parser = new RequestParser();
    parser.authenticated = false;
    const chunk = bytes(command('AUTH', 'secret') + command(...Array.from({ length: 11 }, () => 'x')));
    parser.feed(chunk, 0, chunk.length);
    expect(parser.next()).toBe(REQUEST);
    parser.authenticated = true;
    expect(parser.next()).toBe(REQUEST);
    expect(parser.request.argc).toBe(11);
  });
});

describe('limits', () => {
  it('may change between requests', () => {
    const parser = new RequestParser();
    const chunk = bytes(command('A', 'bbbb') + command('A', 'bbbb'));
    parser.feed(chunk, 0, chunk.length);
    expect(parser.next()).toBe(REQUEST);
    parser.limits = { ...DEFAULT_REQUEST_LIMITS, bulk: 3 };
    expect(parser.next()).toBe(PROTOCOL_ERROR);
    expect(parser.error).toBe('invalid bulk length');
    expect(errorOf('*3\r\n', (p) => (p.limits = { ...DEFAULT_REQUEST_LIMITS, multibulk: 2 }))).toBe(
      'error: invalid multibulk length',
    );
  });
});

describe('a protocol error', () => {
  it('stays, takes no more bytes, and tells where in the stream the broken request began', () => {
    const parser = new RequestParser();
    const chunk = bytes(`${command('PING')}*1\r\nx4\r\nmore`);
    parser.feed(chunk, 0, chunk.length);
    expect(parser.next()).toBe(REQUEST);
    expect(parser.next()).toBe(PROTOCOL_ERROR);
    parser.feed(chunk, 0, chunk.length);
    expect(parser.next()).toBe(PROTOCOL_ERROR);
    expect(chunk.length - parser.buffered).toBe(command('PING').length);
  });
});

describe('inline commands', () => {
  it('end with a line feed, with or without a carriage return; blank lines are nothing', () => {
    expect(parseText('\r\n\n \t \r\nPING\nset  a\tb \r\n')).toEqual(['["PING"]', '["set","a","b"]']);
  });

  it('mix with multibulk requests', () => {
    expect(parseText(`PING\r\n${command('PING')}"ECHO" x\n${command('GET', 'k')}`)).toEqual([
      '["PING"]',
      '["PING"]',
      '["ECHO","x"]',
      '["GET","k"]',
    ]);
  });

  it('with unbalanced quotes are refused', () => {
    for (const line of ['set "a', 'set "a"b', "set 'a", "set 'a'b", '"', 'a"']) {
      expect(errorOf(`${line}\r\n`)).toBe('error: unbalanced quotes in request');
    }
  });

  it('of more than 64 KB are refused', () => {
    const long = 'A'.repeat(65536);
    expect(errorOf(long)).toBe('none');
    expect(errorOf(`${long}A`)).toBe('error: too big inline request');
    expect(errorOf(`${long}A\r\n`)).toBe('error: too big inline request');
    expect(parseText(`${long}\nPING\n`)).toHaveLength(2);
  });

  it('with a NUL never see their end', () => {
    expect(errorOf('PI\0NG\r\nPING\r\n')).toBe('none');
  });
});

describe('any split of the stream', () => {
  const argument = fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 12 }),
    fc.integer({ min: 0, max: 3000 }).map((n) => 'v'.repeat(n)),
    fc.constantFrom('*1\r\n', '$', '\r\n', '\0'),
  );
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.array(argument, { minLength: 1, maxLength: 30 }).map((args) => command(...args)) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('PING\r\n', '\r\n', 'set "a b" \'c\'\n', '*0\r\n', '*-1\r\n', '*1\rX$1\rYaZZ'),
    },
    {
      weight: 1,
      arbitrary: fc.string({
        unit: fc.constantFrom('*', '$', '1', '2', '\r', '\n', 'a', ' ', '"', "'", '\0', '-'),
        maxLength: 20,
      }),
    },
  );
  const stream = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));

  function cut(whole: Uint8Array, cuts: readonly number[]): Uint8Array[] {
    const at = [0, ...cuts.map((c) => c % (whole.length + 1)).sort((a, b) => a - b), whole.length];
    return at.slice(1).map((end, i) => whole.subarray(at[i], end));
  }

  it('gives the same requests and the same error', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 20 }), (text, cuts) => {
        const whole = bytes(text);
        expect(parse(cut(whole, cuts))).toEqual(parse([whole]));
      }),
      { numRuns: 500 },
    );
  });

  it('byte by byte gives the same, for each cut in two as well', () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), (pieces) => {
        const whole = bytes(pieces.join('').slice(0, 300));
        const expected = parse([whole]);
        expect(parse(Array.from(whole, (b) => Uint8Array.of(b)))).toEqual(expected);
        for (let i = 0; i <= whole.length; i++)
          expect(parse([whole.subarray(0, i), whole.subarray(i)])).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('with detached or unread chunks in between gives the same, and accounts for every byte', () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.array(fc.nat(3), { minLength: 1 }),
        (text, cuts, steps) => {
          const whole = bytes(text);
          const parser = new RequestParser();
          const log: string[] = [];
          cut(whole, cuts).forEach((part, i) => {
            const chunk = part.slice();
            parser.feed(chunk, 0, chunk.length);
            const step = steps[i % steps.length]!;
            if (step === 0) drain(parser, log);
            else parser.detach();
            chunk.fill(0x2a);
          });
          drain(parser, log);
          expect(log).toEqual(parse([whole]));
          let consumed = whole.length - parser.buffered;
          if (parser.error !== '') consumed = whole.length;
          expect(parse([whole.subarray(0, consumed)])).toEqual(log);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('of garbage neither throws nor holds more than arrived', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 10 }), (chunks) => {
        const parser = new RequestParser();
        let fed = 0;
        for (const chunk of chunks) {
          parser.feed(chunk, 0, chunk.length);
          fed += chunk.length;
          drain(parser, []);
          expect(parser.buffered).toBeLessThanOrEqual(fed);
        }
      }),
    );
  });
});

describe('big requests', () => {
  it('of one bulk arrive in time linear to their size', () => {
    const size = 64 << 20;
    const parser = new RequestParser();
    const head = bytes(`*2\r\n$4\r\nECHO\r\n$${size}\r\n`);
    parser.feed(head, 0, head.length);
    expect(parser.next()).toBe(NEED_MORE);
    const chunk = new Uint8Array(65536).fill(0x61);
    for (let sent = 0; sent < size; sent += chunk.length) {
      parser.feed(chunk, 0, chunk.length);
      expect(parser.next()).toBe(NEED_MORE);
    }
    const tail = bytes(`\r\n${command('PING')}`);
    parser.feed(tail, 0, tail.length);
    expect(parser.next()).toBe(REQUEST);
    expect(parser.request.lengths[1]).toBe(size);
    expect(parser.request.bytes.length).toBeLessThan(size * 1.3);
    expect(parser.next()).toBe(REQUEST);
    expect(parser.request.bytes).toBe(tail);
    expect(parser.next()).toBe(NEED_MORE);
    expect(parser.request.bytes.length).toBe(0);
  });

  it('of a million arguments arrive in time linear to their number, and leave no room behind', () => {
    const count = 1_000_000;
    const whole = bytes(`*${count}\r\n${'$1\r\nx\r\n'.repeat(count)}${command('PING')}`);
    const parser = new RequestParser();
    const seen: number[] = [];
    for (let at = 0; at < whole.length; at += 65536) {
      parser.feed(whole, at, Math.min(at + 65536, whole.length));
      while (parser.next() === REQUEST) seen.push(parser.request.argc);
    }
    expect(seen).toEqual([count, 1]);
    expect(parser.request.offsets.length).toBe(16);
  });

  it('reserve nothing for what is only announced', () => {
    const parser = new RequestParser();
    const chunk = bytes('*2147483647\r\n$536870912\r\nx');
    parser.feed(chunk, 0, chunk.length);
    expect(parser.next()).toBe(NEED_MORE);
    expect(parser.request.offsets.length).toBe(16);
    expect(parser.buffered).toBe(chunk.length);
  });
});
