// Fields with times to live, which 8.0 knows and 7.0 does not. All times are far off or past: no reply depends on when a
// command runs. OBJECT ENCODING is left out: 8.0 says listpackex of a hash that was only asked for a time, with no field given one.
import fc from 'fast-check';
import { junk, line, many, oneOf, value, type Words } from '../random-commands.js';
import { approx, unordered, unorderedPairs, type StepLike } from '../steps.js';

const key = oneOf('h', 'h', 'h', 'h', 'g', 'g', 'missing', 's');
const field = oneOf('a', 'b', 'c', 'd', 'e', 'f', 'g', '0', '""', '"\\x00\\xff"', 'x'.repeat(64), 'x'.repeat(65));

/** `FIELDS n …` with as many as it says, and what is wrong in it. */
const fields = (each: Words, max = 4): Words =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .array(each, { minLength: 1, maxLength: max })
        .map((words) => `FIELDS ${words.length} ${words.join(' ')}`),
    },
    {
      weight: 1,
      arbitrary: line(
        oneOf('FIELDS', 'fields', 'FIELD', ''),
        oneOf('0', '-1', '1', '2', 'x', '9223372036854775807', ''),
        many(each, 2),
      ),
    },
  );

const condition = oneOf('', '', '', '', 'NX', 'XX', 'GT', 'LT', 'nx', 'NX XX', 'FOO');
const seconds = oneOf('33177117420', '33177117421', '40000000000', '1', '1000');
const milliseconds = oneOf(
  '33177117420000',
  '33177117420001',
  '33177117420999',
  '40000000000000',
  '1',
  '70368744177663',
);
const wrongTimes = oneOf('-1', 'x', '70368744177664', '9223372036854775807', '-9223372036854775808', '1.5', '0', '""');
const often = (usual: Words, seldom: Words): Words =>
  fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: seldom });
const at = often(seconds, wrongTimes);
const atMs = often(milliseconds, wrongTimes);
const inSeconds = often(oneOf('100000', '200000', '300000', '0'), wrongTimes);
const inMs = often(oneOf('100000000', '200000000', '300000000', '0'), wrongTimes);

const time: Words = fc.oneof(
  { weight: 3, arbitrary: oneOf('') },
  line('EX', inSeconds),
  line('PX', inMs),
  { weight: 2, arbitrary: line('EXAT', at) },
  { weight: 2, arbitrary: line('PXAT', atMs) },
  oneOf('EX', 'FOO', 'EXAT 33177117420 PX 100000000', 'pxat 33177117420000', 'KEEPTTL PXAT 33177117420000'),
);

const exact: Words = fc.oneof(
  { weight: 6, arbitrary: line('HSET', key, many(line(field, value), 4)) },
  { weight: 2, arbitrary: line('HDEL', key, many(field, 2)) },
  line('HSETNX', key, field, value),
  line('HINCRBY', key, field, oneOf('1', '-5', 'x')),
  line('HINCRBYFLOAT', key, field, oneOf('0.5', '-3', 'x')),
  { weight: 2, arbitrary: line('HMGET', key, many(field, 4)) },
  line(oneOf('HGET', 'HEXISTS', 'HSTRLEN'), key, field),
  { weight: 4, arbitrary: line('HPEXPIREAT', key, atMs, condition, fields(field)) },
  { weight: 3, arbitrary: line('HEXPIREAT', key, at, condition, fields(field)) },
  line('HEXPIRE', key, inSeconds, condition, fields(field)),
  line('HPEXPIRE', key, inMs, condition, fields(field)),
  line(
    oneOf('HEXPIREAT', 'HEXPIRE', 'HPEXPIRE', 'HPEXPIREAT', 'HTTL', 'HGETEX', 'HSETEX', 'HGETDEL'),
    many(fc.oneof(key, junk), 5),
  ),
  { weight: 2, arbitrary: line('HPERSIST', key, fields(field)) },
  { weight: 3, arbitrary: line('HGETEX', key, fc.oneof(time, oneOf('PERSIST', 'PERSIST EX 1000')), fields(field)) },
  {
    weight: 4,
    arbitrary: line(
      'HSETEX',
      key,
      oneOf('', '', 'FNX', 'FXX', 'fxx', 'FNX FXX'),
      fc.oneof(time, oneOf('KEEPTTL')),
      fields(line(field, value), 3),
    ),
  },
  { weight: 2, arbitrary: line('HGETDEL', key, fields(field)) },
  line(oneOf('HLEN', 'EXISTS', 'TYPE'), key),
  line('COPY', key, key, oneOf('', 'REPLACE')),
  line('RENAME', key, key),
  line(oneOf('DEL', 'UNLINK'), key),
  line('EXPIREAT', key, '33177117420'),
  line('PERSIST', key),
  line('SET s v'),
  line('CONFIG SET hash-max-listpack-entries', oneOf('4', '8', '512')),
  line('CONFIG SET hash-max-listpack-value', oneOf('4', '64')),
);

/** What is left of a time that was relative is compared with tolerance; one that was absolute shows that the rest is exact. */
const times: Words = line(oneOf('HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME'), key, fields(field, 6));

export const hashFieldTimeCommand: fc.Arbitrary<StepLike> = fc.oneof(
  { weight: 12, arbitrary: exact },
  { weight: 3, arbitrary: times.map((each) => approx(each, 5000)) },
  { weight: 1, arbitrary: line('HGETALL', key).map(unorderedPairs) },
  {
    weight: 2,
    arbitrary: line(oneOf('HKEYS', 'HVALS'), key).map(unordered),
  },
  { weight: 1, arbitrary: line('HRANDFIELD', key, '1000').map(unordered) },
  { weight: 1, arbitrary: line('HSCAN', key, '0 COUNT 1000 NOVALUES').map(unordered) },
  { weight: 1, arbitrary: line('HSCAN', key, '0 COUNT 1000').map(unorderedPairs) },
);
