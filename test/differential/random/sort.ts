import fc from 'fast-check';
import { line, many, oneOf, type Words } from '../random-commands.js';
import type { StepLike } from '../steps.js';

// Elements are numbers, so that they can be sorted as both; keys of one digit take part in patterns.
const element = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }).map(String) },
  { weight: 2, arbitrary: oneOf('10', '-1', '2.5', '1e2', '0x1f', '01', '+3', '9007199254740993') },
);
const odd = oneOf('x', '""', '" 4"', 'nan');
const digit = fc.nat({ max: 9 }).map(String);
const source = oneOf('l', 'l', 's', 'z', 'missing');
const target = oneOf('l', 'd', 's', 'l', 'w_3');
/** Not for ALPHA: equal texts leave the order open there. */
const by = oneOf('', '', 'BY nosort', 'BY w_*', 'BY h_*->f', 'BY h_*->', 'BY none_*', 'BY *', 'BY w_* BY h_*->g');
const get = oneOf('', '', 'GET #', 'GET w_*', 'GET h_*->f GET #', 'GET none', 'GET * GET w_*', 'GET h_*');
const bound = oneOf('0', '1', '2', '5', '-1', '100', '-9223372036854775808', '9223372036854775807');
const limit: Words = fc.oneof(oneOf('', '', 'LIMIT 1', 'LIMIT a 1'), line('LIMIT', bound, bound));
const direction = oneOf('', 'ASC', 'DESC');
const storing: Words = fc.oneof(oneOf('', ''), line('STORE', target));

export const sortCommand: fc.Arbitrary<StepLike> = fc.oneof(
  { weight: 4, arbitrary: line(oneOf('RPUSH l', 'LPUSH l', 'SADD s'), many(element, 6)) },
  { weight: 2, arbitrary: line('ZADD z', many(line(digit, element), 4)) },
  line(oneOf('RPUSH l', 'SADD s'), odd),
  // Not for sets: C compares texts up to a zero byte, so that two members may be equal.
  line('RPUSH l "1\\x00"'),
  {
    weight: 3,
    arbitrary: line(
      'SET',
      digit.map((d) => `w_${d}`),
      element,
    ),
  },
  {
    weight: 3,
    arbitrary: line(
      'HSET',
      digit.map((d) => `h_${d}`),
      oneOf('f', 'g', '""'),
      element,
    ),
  },
  { weight: 8, arbitrary: line('SORT', oneOf('l', 'l', 'z', 'missing'), by, get, limit, direction, storing) },
  // A set has no order of its own: it is sorted, or stored.
  {
    weight: 4,
    arbitrary: line('SORT s', oneOf('', 'BY w_*', 'BY h_*->f', 'BY none_*'), get, limit, direction, storing),
  },
  { weight: 2, arbitrary: line('SORT s BY nosort', limit, direction, 'STORE', target) },
  { weight: 4, arbitrary: line('SORT', source, 'ALPHA', get, limit, direction, storing) },
  { weight: 2, arbitrary: line('SORT_RO', oneOf('l', 'z'), by, get, limit, direction, oneOf('', '', 'STORE d')) },
  line('LRANGE', oneOf('l', 'd'), '0 -1'),
  line('DEL', oneOf('l', 's', 'z', 'd')),
  line('EXPIREAT', target, '33177117420'),
  line('DEBUG DIGEST-VALUE', oneOf('l', 's', 'z', 'd')),
);
