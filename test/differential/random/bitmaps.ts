// Bits of strings: few keys of very different lengths, positions around the ends of bytes and words.
import fc from 'fast-check';
import { line, many, oneOf, quoted, type Words } from '../random-commands.js';
import type { StepLike } from '../steps.js';

const key = oneOf('a', 'b', 'c', 'd');
const position: Words = fc.oneof(
  fc.integer({ min: 0, max: 140 }).map(String),
  fc.integer({ min: 0, max: 6000 }).map(String),
  oneOf('-1', 'x', '4294967296', '524287', '524288', '600000'),
);
const index: Words = fc.oneof(
  fc.integer({ min: -20, max: 40 }).map(String),
  fc.integer({ min: -900, max: 900 }).map(String),
  oneOf('9223372036854775807', '-9223372036854775808'),
);
const bit = oneOf('0', '1');
const unit = oneOf('', '', 'BYTE', 'BIT', 'BIT');
const contents = quoted(['\\x00', '\\x00', '\\xff', '\\xff', '\\x01', '\\x80', 'a', '\\xf0'], 150);
const type: Words = fc.oneof(
  oneOf('u8', 'i8', 'u1', 'i1', 'u63', 'i64', 'i63', 'u32', 'i32', 'u52', 'i52', 'u53', 'i53', 'u64', 'i0'),
  fc.tuple(oneOf('u', 'i'), fc.integer({ min: 1, max: 63 })).map((parts) => parts.join('')),
);
const fieldOffset: Words = fc.oneof(
  fc.integer({ min: 0, max: 200 }).map(String),
  fc.integer({ min: 0, max: 20 }).map((n) => `#${n}`),
  oneOf('-1', '#', '4294967296', '7000'),
);
const number: Words = fc.oneof(
  fc.integer({ min: -300, max: 300 }).map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  oneOf('4503599627370495', '4503599627370496', '-4503599627370497', '9007199254740993', 'x'),
);
const read = line('GET', type, fieldOffset);
const step: Words = fc.oneof(
  read,
  line('SET', type, fieldOffset, number),
  { weight: 2, arbitrary: line('INCRBY', type, fieldOffset, number) },
  line('OVERFLOW', oneOf('WRAP', 'SAT', 'FAIL')),
);

export const bitmapCommand: fc.Arbitrary<StepLike> = fc.oneof(
  { weight: 3, arbitrary: line('SETBIT', key, position, bit) },
  { weight: 2, arbitrary: line('GETBIT', key, position) },
  line('BITCOUNT', key),
  { weight: 3, arbitrary: line('BITCOUNT', key, index, index, unit) },
  line('BITPOS', key, bit, fc.oneof(fc.constant(''), index)),
  { weight: 3, arbitrary: line('BITPOS', key, bit, index, index, unit) },
  { weight: 3, arbitrary: line('BITOP', oneOf('AND', 'OR', 'XOR'), key, many(key, 4)) },
  line('BITOP NOT', key, key),
  { weight: 6, arbitrary: line('BITFIELD', key, many(step, 4)) },
  line('BITFIELD_RO', key, many(read, 3)),
  { weight: 2, arbitrary: line('SET', key, contents, oneOf('', 'EXAT 33177117420')) },
  line('SET', key, number),
  line('SETRANGE', key, fc.integer({ min: 0, max: 200 }).map(String), contents),
  line('APPEND', key, contents),
  line('GET', key),
  line('OBJECT ENCODING', key),
  line('DEBUG DIGEST-VALUE', key),
  line('EXPIRETIME', key),
  line('COPY', key, key, 'REPLACE'),
  line('DEL', key),
  line('HSET', key, 'f', 'v'),
);
