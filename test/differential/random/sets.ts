import fc from 'fast-check';
import { line, many, oneOf, value, type Words } from '../random-commands.js';
import { expected, masked, type StepLike, unordered } from '../steps.js';

const setKey = oneOf('s', 's', 't', 'n', 'n', 'u');

// Integers of every width of an intset, strings at the limits, and names enough to pass any limit of entries.
const integer = fc.oneof(
  fc.integer({ min: -12, max: 12 }).map(String),
  oneOf('-32769', '32767', '32768', '2147483647', '2147483648', '9223372036854775807', '-9223372036854775808'),
);
const name = fc.oneof(
  fc.nat({ max: 24 }).map((n) => `m${n}`),
  oneOf('""', '"\\x00\\xff"', '01', '+1', '-0', '9223372036854775808', 'x'.repeat(64), 'x'.repeat(65)),
);
const member = fc.oneof({ weight: 3, arbitrary: integer }, { weight: 2, arbitrary: name });
/** Ways in which whole sets are made and thinned out, so that all encodings meet. */
const batch = fc.oneof(many(integer, 12), many(member, 12), many(name, 12));

const exact: Words = fc.oneof(
  { weight: 8, arbitrary: line('SADD', setKey, batch) },
  { weight: 4, arbitrary: line('SREM', setKey, batch) },
  { weight: 2, arbitrary: line('SISMEMBER', setKey, member) },
  line('SMISMEMBER', setKey, many(member, 4)),
  line('SCARD', setKey),
  { weight: 3, arbitrary: line('SMOVE', setKey, setKey, member) },
  { weight: 2, arbitrary: line(oneOf('SINTERSTORE', 'SUNIONSTORE', 'SDIFFSTORE'), setKey, many(setKey, 3)) },
  line(
    'SINTERCARD',
    oneOf('1', '2', '3', '0', 'x'),
    many(setKey, 3),
    oneOf('', 'LIMIT 2', 'LIMIT 0', 'LIMIT -1', 'LIMIT'),
  ),
  line('SPOP', setKey, oneOf('0', '-1', 'x', '1 1')),
  line('SRANDMEMBER', setKey, oneOf('0', 'x', '1 1', '-9223372036854775808')),
  line('DEBUG DIGEST-VALUE', setKey),
  line('CONFIG SET set-max-intset-entries', oneOf('4', '8', '512')),
  line('COPY', setKey, setKey, oneOf('', 'REPLACE')),
  line('RENAME', setKey, setKey),
  line('EXPIREAT', setKey, '33177117420'),
  line('EXPIRETIME', setKey),
  line('DEL', setKey),
  line(oneOf('SET', 'APPEND'), setKey, value),
);

const inNoOrder: Words = fc.oneof(
  line('SMEMBERS', setKey),
  line(oneOf('SINTER', 'SUNION', 'SDIFF'), many(setKey, 3)),
  line('SRANDMEMBER', setKey, '1000'),
  line('SPOP', setKey, '1000'),
  line('SSCAN', setKey, '0 COUNT 1000', oneOf('', 'MATCH m*', 'MATCH 1*')),
);

/** What is drawn at random is not compared, and never taken out, so that both servers keep the same data. */
const anyOfThem: Words = fc.oneof(line('SRANDMEMBER', setKey), line('SRANDMEMBER', setKey, oneOf('2', '-5')));

/** The reference knows neither: these change encodings, and nothing else may follow from that. */
const limit: Words = fc.oneof(
  line('CONFIG SET set-max-listpack-entries', oneOf('0', '4', '16', '128')),
  line('CONFIG SET set-max-listpack-value', oneOf('4', '64')),
);

export const setCommand: fc.Arbitrary<StepLike> = fc.oneof(
  { weight: 10, arbitrary: exact },
  { weight: 3, arbitrary: inNoOrder.map(unordered) },
  { weight: 1, arbitrary: limit.map((each) => expected(each, 'set-listpack', '+OK\r\n')) },
  { weight: 1, arbitrary: anyOfThem.map((each) => masked(each, 'shape')) },
);
