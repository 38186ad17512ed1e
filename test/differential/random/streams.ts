// Few small ids, so that commands meet; nodes of few entries; and ids far in the future, behind which `*` is predictable.
import fc from 'fast-check';
import { line, many, oneOf, value } from '../random-commands.js';
import type { StepLike } from '../steps.js';

const stream = oneOf('s', 's', 's', 's', 't');
const field = oneOf('a', 'a', 'b', 'c', '""', '17');
const number = fc.nat({ max: 40 }).map(String);
const id = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(number, fc.nat({ max: 3 })).map(([ms, seq]) => `${ms}-${seq}`) },
  { weight: 2, arbitrary: number },
  oneOf('18446744073709551615-18446744073709551615', '9007199254740993-1', '0', '-', '+', 'x', '1-*', '""'),
);
/** Of entries to be added: as a rule higher than those before. */
const newId = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 60 }).map((ms) => `${ms}-*`) },
  { weight: 3, arbitrary: id },
  { weight: 1, arbitrary: oneOf('99999999999999-5', '18446744073709551615-*') },
);
const end = fc.oneof(
  { weight: 4, arbitrary: id },
  id.map((each) => `(${each}`),
  oneOf('-', '+'),
);
const pairs = many(line(field, fc.oneof(value, oneOf('1', '22', 'abc'))), 3);
const same = oneOf('a 1 b 2', 'a x b -1', 'a 70000 b ""');
const count = oneOf('', '', 'COUNT 1', 'COUNT 3', 'COUNT 0', 'COUNT -1', 'COUNT x', 'FOO');
const length = fc.oneof(fc.nat({ max: 12 }).map(String), oneOf('x', '-1', '9223372036854775807'));
const limit = oneOf('', '', 'LIMIT 0', 'LIMIT 1', 'LIMIT 4', 'LIMIT 100', 'LIMIT x');
const trimming = fc.oneof(
  line('MAXLEN', oneOf('', '', '=', '~', '~'), length),
  line('MINID', oneOf('', '', '=', '~', '~'), id),
  line('MAXLEN ~', length, limit),
  line('MINID ~', id, limit),
);

// No XSETID: 7.0 takes ids below those that were deleted, 7.2 does not, and the streams are different ones from there on.
export const streamCommand: fc.Arbitrary<StepLike> = fc.oneof(
  { weight: 10, arbitrary: line('XADD', stream, newId, fc.oneof(pairs, same)) },
  { weight: 3, arbitrary: line('XADD', stream, oneOf('', 'NOMKSTREAM'), trimming, newId, pairs) },
  { weight: 5, arbitrary: line('XDEL', stream, many(id, 4)) },
  { weight: 3, arbitrary: line('XTRIM', stream, trimming) },
  { weight: 2, arbitrary: line('XRANGE', stream, end, end, count) },
  { weight: 2, arbitrary: line('XREVRANGE', stream, end, end, count) },
  { weight: 2, arbitrary: line('XREAD', oneOf('', 'COUNT 2'), 'STREAMS', stream, fc.oneof(id, oneOf('$'))) },
  line('XREAD STREAMS', stream, stream, id, id),
  line('XLEN', stream),
  { weight: 2, arbitrary: line('XINFO STREAM', stream, oneOf('', '', 'FULL', 'FULL COUNT 2')) },
  line('CONFIG SET stream-node-max-entries', oneOf('1', '3', '10', '100', '0')),
  line('CONFIG SET stream-node-max-bytes', oneOf('0', '100', '400', '4096')),
  line('DEBUG DIGEST-VALUE', stream),
  line('COPY', stream, stream, oneOf('', 'REPLACE')),
  line('RENAME', stream, stream),
  line('DEL', stream),
  line('SET', stream, 'v'),
);
