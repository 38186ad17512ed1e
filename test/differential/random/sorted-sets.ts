import fc from 'fast-check';
import { line, many, oneOf, value, type Words } from '../random-commands.js';

// The members of `l` have one score: what a range of members is of others, nobody promises.
const key = oneOf('z', 'z', 'z', 'y');
const lexKey = oneOf('l', 'l', 'm');
const member = fc.oneof(
  oneOf('m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9', 'm10', 'm11', '0', '1', '-1', '""', '"\\x00\\xff"'),
  oneOf('x'.repeat(64), 'x'.repeat(65)),
  fc.integer({ min: 0, max: 300 }).map((n) => `n${n}`),
);
// Scores that 7.0 writes with the same digits: a digest is made of them. `codec.test.ts` has all others.
const score = fc.oneof(
  oneOf('0', '-0', '1', '2', '3', '-1', '0.5', '0.125', '-2.5', 'inf', '-inf', '4294967296', '0x1p-1'),
  fc.integer({ min: -50, max: 50 }).map(String),
);
const option = oneOf('', '', '', 'NX', 'XX', 'GT', 'LT', 'CH', 'XX GT', 'LT CH', 'XX CH', 'NX CH', 'NX GT', 'NX XX');
const scoreBound = fc.oneof(
  score,
  score.map((s) => `(${s}`),
  oneOf('-inf', '+inf', '(inf', '(-inf', '""', '(', 'x', 'nan', '" 1"'),
);
const lexBound = fc.oneof(
  oneOf('-', '+', '[m', '(m', '[n1', '(n2', '[', '(', '[x', 'm', '""'),
  fc.tuple(oneOf('[', '('), oneOf('m3', 'm10', '1', 'n150', 'n77')).map((parts) => parts.join('')),
);
const rank = fc.oneof(
  oneOf('0', '1', '-1', '-2', '5', '100', '-100', 'x'),
  fc.integer({ min: -40, max: 40 }).map(String),
);
const limit = oneOf(
  '',
  '',
  'LIMIT 0 3',
  'LIMIT 2 -1',
  'LIMIT 1 1',
  'LIMIT -1 2',
  'LIMIT 0 0',
  'LIMIT 3 100',
  'LIMIT 0',
);
const scores = oneOf('', 'WITHSCORES');
const reverse = oneOf('', 'REV');

export const sortedSetCommand: Words = fc.oneof(
  { weight: 6, arbitrary: line('ZADD', key, option, many(line(score, member), 8)) },
  { weight: 3, arbitrary: line('ZADD', lexKey, oneOf('', 'NX', 'CH'), many(line('0', member), 8)) },
  line('ZADD', key, oneOf('INCR', 'INCR NX', 'INCR XX', 'INCR GT', 'LT INCR'), score, member),
  { weight: 3, arbitrary: line('ZINCRBY', key, fc.oneof(score, score, oneOf('foo', '1.5', '""')), member) },
  { weight: 3, arbitrary: line('ZREM', fc.oneof(key, lexKey), many(member, 5)) },
  line('ZSCORE', key, member),
  line('ZMSCORE', key, many(member, 4)),
  line('ZCARD', fc.oneof(key, lexKey)),
  { weight: 2, arbitrary: line(oneOf('ZRANK', 'ZREVRANK'), fc.oneof(key, lexKey), member) },
  { weight: 2, arbitrary: line(oneOf('ZRANGE', 'ZREVRANGE'), fc.oneof(key, lexKey), rank, rank, scores) },
  line('ZRANGE', key, rank, rank, reverse, oneOf('', 'BYSCORE'), limit, scores),
  {
    weight: 2,
    arbitrary: line(oneOf('ZRANGEBYSCORE', 'ZREVRANGEBYSCORE'), key, scoreBound, scoreBound, scores, limit),
  },
  line('ZRANGE', key, scoreBound, scoreBound, 'BYSCORE', reverse, limit),
  { weight: 2, arbitrary: line(oneOf('ZRANGEBYLEX', 'ZREVRANGEBYLEX'), lexKey, lexBound, lexBound, limit) },
  line('ZRANGE', lexKey, lexBound, lexBound, 'BYLEX', reverse, limit),
  line('ZCOUNT', key, scoreBound, scoreBound),
  line('ZLEXCOUNT', lexKey, lexBound, lexBound),
  line('ZREMRANGEBYRANK', fc.oneof(key, lexKey), rank, rank),
  line('ZREMRANGEBYSCORE', key, scoreBound, scoreBound),
  line('ZREMRANGEBYLEX', lexKey, lexBound, lexBound),
  line('OBJECT ENCODING', fc.oneof(key, lexKey)),
  line('DEBUG DIGEST-VALUE', fc.oneof(key, lexKey)),
  line('CONFIG SET zset-max-listpack-entries', oneOf('0', '4', '8', '128')),
  line('CONFIG SET zset-max-listpack-value', oneOf('2', '64')),
  line('COPY', key, key, oneOf('', 'REPLACE')),
  line('RENAME', key, key),
  line('DEL', fc.oneof(key, lexKey)),
  line('SET', key, value),
);
