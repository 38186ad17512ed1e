// Random commands in compact notation, per family: few keys and fields, so that commands meet; values from the edges of
// every range. No model predicts the replies: the reference does.
import fc from 'fast-check';
import { unordered, type StepLike } from './steps.js';

export type Words = fc.Arbitrary<string>;

export const oneOf = (...words: readonly string[]): Words => fc.constantFrom(...words);
const key = oneOf('a', 'b', 'c', 'd', '""', '"\\x00\\xff"');
export const integer = oneOf(
  ...['0', '1', '-1', '2', '10', '100', '-7', '127', '128', '4096', '32768', '2147483647', '2147483648', '-2147483649'],
  ...['9007199254740991', '9007199254740993', '9223372036854775806', '9223372036854775807', '-9223372036854775808'],
);
const offset = oneOf(
  '0',
  '1',
  '2',
  '3',
  '5',
  '-1',
  '-2',
  '-5',
  '20',
  '-20',
  '9223372036854775807',
  '-9223372036854775808',
);
// Fractions that binary numbers of any width hold exactly: what a long double adds beyond a double is for the cases.
const fraction = oneOf('0.5', '-0.25', '1.75', '3', '-3', '1e3', '100.125', '0', '-0.5', '1e-2x', '4096.0625');
export const text = oneOf(
  ...['""', 'a', 'abc', 'hello', '"\\x00\\x01\\xfe\\xff"', '" 1"', '01', '1.5', '-0', 'x'.repeat(44), 'x'.repeat(45)],
  ...['x'.repeat(64), 'x'.repeat(65), 'y'.repeat(300), '"\\r\\n"', '9223372036854775808', '12345678901234567890'],
);
export const value = fc.oneof(integer, text);
export const junk = oneOf('foo', '1.5', '""', 'abc', '9223372036854775808', 'NX', 'EX');
// Far from now in both directions: no reply depends on when a command runs.
const pastOrFuture = oneOf('1', '33177117420', '33177117421', '99999999999', '1000');
const pastOrFutureMs = oneOf('1', '33177117420000', '33177117420001', '99999999999999', '1000');
const condition = oneOf('', '', 'NX', 'XX', 'GT', 'LT', 'XX GT', 'NX GT', 'GT LT', 'FOO');

/** A command line from words and arbitraries, joined by spaces. */
export function line(...parts: readonly (string | Words)[]): Words {
  const words = parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part));
  return fc.tuple(...words).map((chosen) => chosen.filter((word) => word !== '').join(' '));
}

export const many = (word: Words, max: number): Words =>
  fc.array(word, { minLength: 1, maxLength: max }).map((words) => words.join(' '));

const setOption = oneOf(
  ...[
    '',
    '',
    '',
    'NX',
    'XX',
    'GET',
    'NX GET',
    'XX GET',
    'KEEPTTL',
    'EXAT 33177117420',
    'PXAT 33177117420123',
    'EXAT 1',
  ],
  ...['NX XX', 'EXAT 0', 'PXAT 1 GET', 'KEEPTTL GET', 'EX', 'FOO', 'XX EXAT 99999999999 GET'],
);

export const stringCommand: Words = fc.oneof(
  { weight: 4, arbitrary: line('SET', key, value, setOption) },
  { weight: 2, arbitrary: line('GET', key) },
  line('GETSET', key, value),
  line('SETNX', key, value),
  line('GETDEL', key),
  line('GETEX', key, oneOf('', 'PERSIST', 'EXAT 33177117420', 'PXAT 1', 'EXAT', 'FOO')),
  line('MSET', many(line(key, value), 3)),
  line('MSETNX', many(line(key, value), 2)),
  line('MGET', many(key, 4)),
  { weight: 2, arbitrary: line('APPEND', key, value) },
  line('STRLEN', key),
  { weight: 2, arbitrary: line(oneOf('INCR', 'DECR'), key) },
  { weight: 2, arbitrary: line(oneOf('INCRBY', 'DECRBY'), key, fc.oneof(integer, integer, junk)) },
  line('INCRBYFLOAT', key, fraction),
  line(oneOf('GETRANGE', 'SUBSTR'), key, offset, offset),
  line('SETRANGE', key, oneOf('0', '1', '5', '50', '-1', '9223372036854775807', 'x'), text),
  line('LCS', key, key, oneOf('', 'LEN', 'IDX', 'IDX MINMATCHLEN 2 WITHMATCHLEN')),
  line('HSET', key, 'f', value),
  line('DEL', key),
  line('EXPIRETIME', key),
  line('OBJECT ENCODING', key),
);

const field = fc.oneof(
  oneOf('f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8', 'f9', 'f10', 'f11', '0', '1', '-1', '""', '"\\x00\\xff"'),
  oneOf('x'.repeat(64), 'x'.repeat(65)),
);
const hashKey = oneOf('h', 'h', 'h', 'g');

/** Replies in an order that hash tables do not promise are left to DEBUG DIGEST at the end. */
export const hashCommand: Words = fc.oneof(
  { weight: 6, arbitrary: line('HSET', hashKey, many(line(field, value), 4)) },
  line('HMSET', hashKey, many(line(field, value), 2)),
  line('HSETNX', hashKey, field, value),
  { weight: 2, arbitrary: line('HGET', hashKey, field) },
  line('HMGET', hashKey, many(field, 4)),
  { weight: 4, arbitrary: line('HDEL', hashKey, many(field, 4)) },
  line('HLEN', hashKey),
  line('HEXISTS', hashKey, field),
  line('HSTRLEN', hashKey, field),
  { weight: 2, arbitrary: line('HINCRBY', hashKey, field, fc.oneof(integer, junk)) },
  line('HINCRBYFLOAT', hashKey, field, fraction),
  line('OBJECT ENCODING', hashKey),
  line('DEBUG DIGEST-VALUE', hashKey),
  line('CONFIG SET hash-max-listpack-entries', oneOf('4', '8', '512')),
  line('CONFIG SET hash-max-listpack-value', oneOf('4', '64')),
  line('COPY', hashKey, hashKey, oneOf('', 'REPLACE')),
  line('RENAME', hashKey, hashKey),
  line('DEL', hashKey),
  line('SET', hashKey, value),
);

const database = oneOf('0', '1', '2', '15', '16', 'x');

export const genericCommand: Words = fc.oneof(
  { weight: 4, arbitrary: line('SET', key, value, oneOf('', '', 'EXAT 33177117420', 'KEEPTTL')) },
  { weight: 2, arbitrary: line('HSET', key, field, value) },
  { weight: 2, arbitrary: line('SELECT', oneOf('0', '1', '2')) },
  { weight: 2, arbitrary: line('EXPIREAT', key, pastOrFuture, condition) },
  { weight: 2, arbitrary: line('PEXPIREAT', key, pastOrFutureMs, condition) },
  line(
    oneOf('EXPIRE', 'PEXPIRE'),
    key,
    oneOf('0', '-1', '-9223372036854775808', 'x', '9223372036854775807'),
    condition,
  ),
  line('PERSIST', key),
  { weight: 2, arbitrary: line(oneOf('EXPIRETIME', 'PEXPIRETIME'), key) },
  line(oneOf('DEL', 'UNLINK', 'EXISTS', 'TOUCH'), many(key, 3)),
  line('TYPE', key),
  { weight: 2, arbitrary: line(oneOf('RENAME', 'RENAMENX'), key, key) },
  { weight: 2, arbitrary: line('COPY', key, key, oneOf('', 'REPLACE', 'DB 1', 'DB 2 REPLACE', 'DB 16', 'FOO')) },
  { weight: 2, arbitrary: line('MOVE', key, database) },
  line('SWAPDB', database, database),
  line('DBSIZE'),
  line('KEYS', oneOf('nothing', 'a', '[z]')),
  line('GETEX', key, oneOf('', 'PERSIST', 'EXAT 33177117420', 'PXAT 1')),
  line('APPEND', key, value),
  line('INCR', key),
  line('HDEL', key, field),
  line('OBJECT ENCODING', key),
  line('DEBUG DIGEST-VALUE', key),
  line(oneOf('FLUSHDB', 'FLUSHALL', 'FLUSHDB ASYNC')),
);

/** Any bytes of an alphabet, quoted. */
export function quoted(alphabet: readonly string[], maxLength: number, minLength = 0): Words {
  const letters = fc.array(fc.constantFrom(...alphabet), { minLength, maxLength });
  return letters.map((chosen) => `"${chosen.join('')}"`);
}

// Few letters, so that patterns match; `\\\\` in the notation is one backslash.
const nameLetters = ['a', 'b', 'c', '-', '^', ']', '[', '*', '?', '\\\\', '\\x00', '\\xff', 'A'];
const patternLetters = [...nameLetters, '*', '*', '?', '[', ']', '[a-c]', '[^b]', '[\\xf0-\\xff]'];

/** Patterns against names that are full of special characters. */
export const patternCommand: fc.Arbitrary<StepLike> = fc.oneof(
  line('SET', quoted(nameLetters, 5, 1), '1'),
  { weight: 4, arbitrary: line('KEYS', quoted(patternLetters, 7)).map(unordered) },
  { weight: 4, arbitrary: line('SCAN 0 COUNT 10000 MATCH', quoted(patternLetters, 7)).map(unordered) },
);

const sequence = quoted(['a', 'b', 'c', '\\x00'], 24);
export const subsequenceCommand: Words = fc.oneof(
  line('SET', oneOf('x', 'y', 'z'), sequence),
  line('LCS', oneOf('x', 'y', 'z'), oneOf('x', 'y', 'z'), oneOf('', 'LEN')),
  line(
    'LCS',
    oneOf('x', 'y', 'z'),
    oneOf('x', 'y', 'z'),
    'IDX',
    oneOf('', 'WITHMATCHLEN', 'MINMATCHLEN 3', 'MINMATCHLEN -1'),
  ),
);

const digits = fc.stringMatching(/^[0-9]{0,22}$/);
const decimal: Words = fc
  .tuple(
    oneOf('', '', '-', '+'),
    digits,
    oneOf('', '.', '.'),
    digits,
    oneOf('', '', '', 'e5', 'e-7', 'E+18', 'e-20', 'e300'),
  )
  .map((parts) => `"${parts.join('')}"`);

/** Decimal fractions: what a long double of 64 bits makes of them. */
export const floatCommand: Words = fc.oneof(
  line('SET k', decimal),
  line('INCRBYFLOAT k', decimal),
  line('HSET h f', decimal),
  line('HINCRBYFLOAT h f', decimal),
);
