// HyperLogLogs: elements of overlapping ranges, limits of the sparse form so low that it is left often, damaged bytes.
import fc from 'fast-check';
import { line, many, oneOf, quoted, type Words } from '../random-commands.js';
import type { StepLike } from '../steps.js';

const key = oneOf('a', 'b', 'c', 'd');
const element: Words = fc.oneof(
  fc.integer({ min: 0, max: 4000 }).map(String),
  quoted(['a', '\\x00', '\\xff', '\\x80'], 20),
);
/** Many elements in one command. */
const range: Words = fc
  .tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 150 }))
  .map(([from, count]) => Array.from({ length: count }, (_, i) => `r${from + i}`).join(' '));
const damage = quoted(['\\x00', '\\x01', '\\x40', '\\x7f', '\\x80', '\\xff', '\\x83'], 3, 1);

export const hyperLogLogCommand: fc.Arbitrary<StepLike> = fc.oneof(
  { weight: 8, arbitrary: line('PFADD', key, many(element, 6)) },
  { weight: 3, arbitrary: line('PFADD', key, range) },
  line('PFADD', key),
  { weight: 4, arbitrary: line('PFCOUNT', key) },
  { weight: 2, arbitrary: line('PFCOUNT', many(key, 4)) },
  { weight: 4, arbitrary: line('PFMERGE', many(key, 4)) },
  { weight: 2, arbitrary: line('GET', key) },
  line('PFDEBUG', oneOf('ENCODING', 'DECODE', 'TODENSE', 'FOO'), key),
  line('OBJECT ENCODING', key),
  { weight: 4, arbitrary: line('DEBUG DIGEST-VALUE', key) },
  line('COPY', key, key, 'REPLACE'),
  line('EXPIREAT', key, '33177117420'),
  line('DEL', key),
  line('CONFIG SET hll-sparse-max-bytes', oneOf('0', '20', '40', '100', '700', '3000', '20000')),
  line('SETRANGE', key, fc.integer({ min: 3, max: 60 }).map(String), damage),
  line('APPEND', key, damage),
  line('SET', key, oneOf('x', '"HYLL\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x80\\x7f\\xff"')),
  line('HSET', key, 'f', 'v'),
);
