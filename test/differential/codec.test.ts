// The codec by itself against `redis-server`: which requests a stream of bytes holds and where it is refused, which
// texts are numbers, and how numbers are printed. A request is observed by ECHO, a number by ZADD and INCRBYFLOAT.
import {
  formatDouble,
  longDoubleAdd,
  parseFloat64,
  parseInteger,
  PROTOCOL_ERROR,
  REQUEST,
  RequestParser,
} from '@clone/resp-codec';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection } from './raw-connection.js';
import { encodeFrame } from './raw-frame.js';
import { referenceMissing, startReference, type Target } from './reference.js';

const multibulk = (...args: string[]): string =>
  `*${args.length}\r\n${args.map((a) => `$${a.length}\r\n${a}\r\n`).join('')}`;

describe.skipIf(referenceMissing() || referenceMissing('8.0'))('the codec and redis-server', () => {
  let reference: Target;
  /** Prints doubles as Redis 7.2 does. */
  let printer: Target;

  beforeAll(async () => {
    reference = await startReference();
    printer = await startReference({}, '8.0');
  });

  afterAll(async () => {
    await reference.stop();
    await printer.stop();
  });

  /** All frames that the reference answers to a stream, which then ends. */
  async function replies(stream: string): Promise<string[]> {
    const connection = await RawConnection.open(reference.address);
    connection.write(Buffer.from(stream, 'latin1'));
    connection.halfClose();
    await connection.closed();
    return connection.frames.map(encodeFrame);
  }

  /** The answers to single commands: one for each. */
  async function answers(commands: readonly string[][], by = reference): Promise<string[]> {
    const connection = await RawConnection.open(by.address);
    connection.write(Buffer.from(commands.map((command) => multibulk(...command)).join(''), 'latin1'));
    await connection.framesReached(commands.length);
    connection.destroy();
    return connection.frames.map(encodeFrame);
  }

  /** What the reference should answer, were every request an ECHO: of others only the fact that they are refused. */
  function expectedReplies(stream: string): string[] {
    const parser = new RequestParser();
    const bytes = Buffer.from(stream, 'latin1');
    parser.feed(bytes, 0, bytes.length);
    const expected: string[] = [];
    let answer = parser.next();
    for (; answer === REQUEST; answer = parser.next()) {
      const { argc, offsets, lengths, bytes: source } = parser.request;
      const args = Array.from({ length: argc }, (_, i) =>
        Buffer.from(source.subarray(offsets[i], offsets[i]! + lengths[i]!)).toString('latin1'),
      );
      const isEcho = argc === 2 && args[0]?.toLowerCase() === 'echo';
      expected.push(isEcho ? `$${args[1]!.length}\r\n${args[1]!}\r\n` : 'refused');
    }
    if (answer === PROTOCOL_ERROR) {
      expected.push(`-ERR Protocol error: ${parser.error.replace(/[\r\n]/g, ' ')}\r\n`);
    }
    return expected;
  }

  const observed = (reply: string): string => (/^-ERR (?:unknown|wrong)/.test(reply) ? 'refused' : reply);

  it('find the same requests in any stream, and refuse it at the same place with the same words', async () => {
    const bits = fc.constantFrom(
      '*',
      '$',
      '0',
      '1',
      '2',
      '4',
      '-',
      '\r',
      '\n',
      '\r\n',
      'echo',
      ' ',
      '"',
      "'",
      '\\',
      'x',
      '\0',
      '\v',
    );
    const piece = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 20 }).map((text) => multibulk('echo', text)),
      },
      { weight: 3, arbitrary: fc.array(bits, { maxLength: 8 }).map((parts) => `echo ${parts.join('')}\r\n`) },
      { weight: 2, arbitrary: fc.array(bits, { maxLength: 8 }).map((parts) => `*1\r\n$${parts.join('')}`) },
      { weight: 1, arbitrary: fc.array(bits, { maxLength: 8 }).map((parts) => `*${parts.join('')}\r\n`) },
      { weight: 1, arbitrary: fc.array(bits, { maxLength: 12 }).map((parts) => parts.join('')) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async (pieces) => {
        const stream = pieces.join('');
        expect((await replies(stream)).map(observed)).toEqual(expectedReplies(stream));
      }),
      { numRuns: 600 },
    );
  });

  it('refuse the same lengths, and lines without an end at the same length', async () => {
    const numbers = [
      '',
      '0',
      '-0',
      '1',
      '01',
      '+1',
      '-1',
      '2147483647',
      '2147483648',
      '536870912',
      '536870913',
      '9'.repeat(19),
    ];
    const lines = ['A', '*', '*1\r\n', '*1\r\n$', '*1\r\n$1'].flatMap((start) =>
      [65535, 65536, 65537].map((length) => start + '1'.repeat(length)),
    );
    for (const stream of [...numbers.flatMap((n) => [`*${n}\r\n`, `*1\r\n$${n}\r\n`]), ...lines]) {
      expect((await replies(stream)).map(observed)).toEqual(expectedReplies(stream));
    }
  });

  it('take the same texts for integers', async () => {
    const texts = ['', '-', '0', '-0', '00', '+1', '01', ' 1', '1 ', '1.0', '1e3', '9223372036854775807'];
    texts.push('9223372036854775808', '-9223372036854775808', '-9223372036854775809', '18446744073709551616', '1\0');
    const given = await answers(texts.map((text) => ['INCRBY', `k${text}`, text]));
    texts.forEach((text, i) => {
      expect(Number.isNaN(parse(parseInteger, text)), text).toBe(given[i]!.startsWith('-'));
    });
  });

  it('take the same texts for doubles, and print them alike', async () => {
    for (const texts of fc.sample(fc.array(numberText, { minLength: 100, maxLength: 100 }), 10)) {
      const commands = texts.flatMap((text) => [
        ['DEL', 'z'],
        ['ZADD', 'z', text, 'm'],
        ['ZSCORE', 'z', 'm'],
      ]);
      const given = await answers(commands);
      const printed = await answers(commands, printer);
      texts.forEach((text, i) => {
        const value = parse(parseFloat64, text);
        // A small sorted set keeps integral scores as integers, which have no negative zero.
        const ours = formatDouble(value === 0 ? 0 : value);
        // 8.0 takes some texts that 7.2 refuses.
        expect(given[3 * i + 2] === '$-1\r\n', text).toBe(Number.isNaN(value));
        if (value === value) expect(printed[3 * i + 2], text).toBe(`$${ours.length}\r\n${ours}\r\n`);
      });
    }
  });

  it('add long doubles alike, to the last digit', async () => {
    for (const pairs of fc.sample(fc.array(fc.tuple(numberText, numberText), { minLength: 300, maxLength: 300 }), 10)) {
      const given = await answers(
        pairs.flatMap(([a, b]) => [
          ['SET', 'k', a],
          ['INCRBYFLOAT', 'k', b],
        ]),
      );
      pairs.forEach(([a, b], i) => {
        const sum = longDoubleAdd(a, b);
        let expected = `$${String(sum).length}\r\n${String(sum)}\r\n`;
        if (sum === undefined) expected = '-ERR value is not a valid float\r\n';
        else if (/inf|nan/.test(sum)) expected = '-ERR increment would produce NaN or Infinity\r\n';
        expect(given[2 * i + 1], `${a} + ${b}`).toBe(expected);
      });
    }
  });
});

function parse(parser: (bytes: Uint8Array, offset: number, length: number) => number, text: string): number {
  return parser(Buffer.from(text, 'latin1'), 0, text.length);
}

const digits = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), minLength: 1, maxLength });
const hex = fc.nat().map((n) => n.toString(16));
const sign = fc.constantFrom('', '', '-', '+');

/** Texts that C may take for numbers: everyday ones, extreme ones, malformed ones. */
const numberText: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: -100000, max: 100000 }).map((n) => String(n / 100)),
  fc.tuple(sign, digits(8), digits(8)).map(([s, a, b]) => `${s}${a}.${b}`),
  fc.tuple(sign, digits(25), digits(30)).map(([s, a, b]) => `${s}${a}.${b}`),
  fc.tuple(sign, digits(20), fc.integer({ min: -40, max: 40 })).map(([s, a, e]) => `${s}${a}e${e}`),
  fc.tuple(sign, digits(3), fc.integer({ min: -5000, max: 5000 })).map(([s, a, e]) => `${s}${a}e${e}`),
  fc.tuple(sign, hex, hex, fc.integer({ min: -60, max: 60 })).map(([s, a, b, e]) => `${s}0x${a}.${b}p${e}`),
  fc.tuple(sign, hex, hex, fc.integer({ min: -16480, max: 16400 })).map(([s, a, b, e]) => `${s}0x1.${a}${b}P${e}`),
  fc.double().map(String),
  // Many of these lie exactly between two decimals of 17 digits.
  fc.tuple(fc.integer(), fc.nat(60)).map(([n, k]) => String(n / 2 ** k)),
  digits(17).map((d) => `0.${d}5`),
  fc.constantFrom(
    'inf',
    '-inf',
    '+INF',
    'infinity',
    '-Infinity',
    'nan',
    'nan(1)',
    'infin',
    '',
    '.',
    '-',
    '+',
    '1.',
    '.5',
  ),
  fc.constantFrom(
    '1e',
    '1e+',
    ' 1',
    '1 ',
    '--1',
    '1_0',
    '0x',
    '0x.',
    '0x.8',
    '0x1p',
    '0xg',
    '-0',
    '0e99999999999',
    '1\n',
  ),
  fc.constantFrom('1e99999999999', '1e-99999999999', '0x1p-16445', '0x1p-16446', '0x1.8p-16446', '0x1p16384'),
  fc.constantFrom('0x1.fffffffffffffffep16383', '0x1.ffffffffffffffffp16383', '3.6e-4951', '1.8e-4951', '1.19e4932'),
  fc.constantFrom('18446744073709551615', '18446744073709551617', '1e308', '1e309', '5e-324', '2e-324', '-1e-20'),
);
