import fc from 'fast-check';
import { integer, junk, line, many, oneOf, text, value, type Words } from '../random-commands.js';

const key = oneOf('l', 'l', 'l', 'l', 'm', 's');
const element = fc.oneof(
  oneOf('a', 'b', 'c', 'd', '1', '2', '3'),
  oneOf('a', 'b', '1'),
  value,
  oneOf('z'.repeat(3000), 'w'.repeat(9000)),
);
const side = oneOf('LEFT', 'RIGHT');
const index = fc.oneof(oneOf('0', '1', '2', '-1', '-2', '3', '5', '-5', '9', '-9', '30', '-30'), integer);
const count = oneOf('0', '1', '2', '3', '-1', '-2', '7', '-100', '100');

/**
 * Nodes of few elements and few bytes, so that lists have several. The name of the encoding is for the cases, and so is
 * waiting: every time that is over costs redis-server up to a tenth of a second.
 */
export const listCommand: Words = fc.oneof(
  { weight: 8, arbitrary: line(oneOf('LPUSH', 'RPUSH'), key, many(element, 8)) },
  line(oneOf('LPUSHX', 'RPUSHX'), key, many(element, 3)),
  { weight: 3, arbitrary: line(oneOf('LPOP', 'RPOP'), key, oneOf('', '', '1', '3', '10', '0', '-1')) },
  { weight: 2, arbitrary: line('LRANGE', key, index, index) },
  line('LLEN', key),
  line('LINDEX', key, fc.oneof(index, junk)),
  { weight: 2, arbitrary: line('LSET', key, index, element) },
  { weight: 3, arbitrary: line('LINSERT', key, oneOf('BEFORE', 'AFTER', 'BEFORE', 'AT'), element, element) },
  { weight: 3, arbitrary: line('LREM', key, count, element) },
  line('LTRIM', key, index, index),
  {
    weight: 2,
    arbitrary: line(
      'LPOS',
      key,
      element,
      oneOf('', 'RANK 2', 'RANK -1', 'RANK -2', 'RANK 0'),
      oneOf('', 'COUNT 0', 'COUNT 2', 'COUNT -1'),
      oneOf('', 'MAXLEN 5', 'MAXLEN 0'),
    ),
  },
  { weight: 2, arbitrary: line('LMOVE', key, key, side, side) },
  line('RPOPLPUSH', key, key),
  line('LMPOP 2', key, key, side, oneOf('', 'COUNT 1', 'COUNT 3', 'COUNT 0')),
  line('CONFIG SET list-max-listpack-size', oneOf('-2', '-1', '2', '3', '5', '128')),
  line('DEBUG DIGEST-VALUE', key),
  line('COPY', key, key, oneOf('', 'REPLACE')),
  line('RENAME', key, key),
  line(oneOf('DEL', 'UNLINK'), key),
  line('SET s', text),
);
