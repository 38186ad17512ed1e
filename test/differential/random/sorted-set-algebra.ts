import fc from 'fast-check';
import { line, many } from '../random-commands.js';
import { complete, masked, type StepLike } from '../steps.js';

type Words = fc.Arbitrary<string>;
const oneOf = (...words: readonly string[]): Words => fc.constantFrom(...words);

const key = oneOf('a', 'a', 'b', 'b', 'c', 'd', 's');
const notSet = oneOf('a', 'b', 'c', 'd');
const target = oneOf('a', 'c', 'd', 'd', 'd');
const member = fc.oneof(
  { weight: 9, arbitrary: fc.nat(24).map((i) => `m${i}`) },
  oneOf('1', '2', '-3', '""', '"\\x00\\xff"', 'x'.repeat(64), 'x'.repeat(65)),
);
// Scores that 7.0 writes with the same digits: a digest is made of them.
const score = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -9, max: 9 }).map(String) },
  oneOf('0.5', '1.5', '-2.25', '1048576.5', '0.0625', 'inf', '-inf', '3.375'),
);
const weight = oneOf('1', '1', '2', '-1', '0', '0.25', 'inf', '-inf', '1024', 'x');
const count = oneOf('0', '1', '2', '5', '100', '-1', 'x', '9223372036854775807');
const rank = oneOf('0', '1', '3', '-1', '-4', '100', '-100');
const bound = oneOf('-inf', '+inf', '-2', '(-2', '0', '(3', '5', 'inf', 'x');
const end = oneOf('MIN', 'MAX', 'MAX', 'MIN', 'FOO');

/** As many keys as it says, with a weight for each, or not quite. */
const operands: Words = fc
  .tuple(fc.array(key, { minLength: 1, maxLength: 3 }), fc.array(weight, { minLength: 3, maxLength: 3 }), fc.nat(3))
  .map(([keys, weights, kind]) => {
    const named = `${kind === 3 ? 2 : keys.length} ${keys.join(' ')}`;
    return kind === 0 ? named : `${named} WEIGHTS ${weights.slice(0, keys.length).join(' ')}`;
  });
const plainOperands: Words = fc
  .array(key, { minLength: 1, maxLength: 3 })
  .map((keys) => `${keys.length} ${keys.join(' ')}`);
const aggregate = oneOf('', '', 'AGGREGATE SUM', 'AGGREGATE MIN', 'AGGREGATE MAX', 'AGGREGATE FOO');
const withScores = oneOf('', 'WITHSCORES', 'WITHSCORES');

export const sortedSetAlgebraCommand: fc.Arbitrary<StepLike> = fc.oneof(
  { weight: 8, arbitrary: line('ZADD', key, many(line(score, member), 8)) },
  { weight: 2, arbitrary: line('SADD s', many(member, 6)) },
  { weight: 3, arbitrary: line(oneOf('ZUNION', 'ZINTER'), operands, aggregate, withScores) },
  { weight: 3, arbitrary: line(oneOf('ZUNIONSTORE', 'ZINTERSTORE'), target, operands, aggregate) },
  line('ZDIFF', plainOperands, withScores),
  line('ZDIFFSTORE', target, plainOperands),
  line('ZINTERCARD', plainOperands, oneOf('', 'LIMIT 2', 'LIMIT 0', 'LIMIT -1')),
  line('ZRANGESTORE', target, key, rank, rank, oneOf('', 'REV', 'FOO')),
  line('ZRANGESTORE', target, key, bound, bound, 'BYSCORE', oneOf('', 'REV', 'LIMIT 1 3', 'LIMIT 0 -1')),
  { weight: 2, arbitrary: line(oneOf('ZPOPMIN', 'ZPOPMAX'), key, fc.oneof(fc.constant(''), count)) },
  { weight: 2, arbitrary: line('ZMPOP', plainOperands, end, oneOf('', 'COUNT 2', 'COUNT 100', 'COUNT 0')) },
  line(oneOf('BZPOPMIN', 'BZPOPMAX'), many(key, 3), oneOf('0.001', 'x')),
  line('BZMPOP 0.001', plainOperands, end, oneOf('', 'COUNT 3')),
  line('ZRANDMEMBER', key, oneOf('', '3', '-3', '3 WITHSCORES', '-2 WITHSCORES', 'x')).map((each) =>
    masked(each, 'shape'),
  ),
  line('ZRANDMEMBER', key, '1000 WITHSCORES'),
  line('ZSCAN', notSet, '0', oneOf('', 'COUNT 3', 'MATCH m1*')).map((each) => complete(each)),
  line('ZRANGE', key, '0 -1', withScores),
  line('ZREM', key, many(member, 4)),
  line('OBJECT ENCODING', notSet),
  line('DEBUG DIGEST-VALUE', key),
  line('CONFIG SET zset-max-listpack-entries', oneOf('4', '8', '128')),
  line('COPY', notSet, key, oneOf('', 'REPLACE')),
  line('RENAME', notSet, key),
  line('DEL', key),
  line('SET', key, 'v'),
);
