// Two streams with two groups each, three consumers, few ids: what one command delivers another one claims, acknowledges,
// deletes or trims away. Where 7.2 makes a consumer that 7.0 does not, the steps say so (mask `new-consumers`).
import fc from 'fast-check';
import { integer, line, many, oneOf, value, type Words } from '../random-commands.js';
import { approx, masked, type StepLike } from '../steps.js';

const key = oneOf('s', 's', 's', 't');
const group = oneOf('g', 'g', 'g', 'h');
const consumer = oneOf('a', 'b', '"\\xff\\x00"');
const id = oneOf(...['1', '1-1', '2-0', '2-1', '3-2', '4', '5-1', '7', '7-1', '7-2', '9', '0', '0-1', '(2-0', 'x']);
const bound = fc.oneof(id, oneOf('-', '+', '-', '+'));
const count = oneOf('', '', 'COUNT 1', 'COUNT 2', 'COUNT 0');
const minIdle = oneOf('0', '0', '100000');
const idle = oneOf('', '', 'IDLE 200000', 'IDLE 0', 'TIME 1000', 'TIME 99999999999999');
const claimOption = oneOf('', '', 'FORCE', 'JUSTID', 'RETRYCOUNT 5', 'LASTID 5-1', 'FORCE JUSTID LASTID 2', 'FOO');
const counter = oneOf('', '', 'ENTRIESREAD 0', 'ENTRIESREAD 3', 'ENTRIESREAD -1', 'ENTRIESREAD -2');

const plain: Words = fc.oneof(
  { weight: 12, arbitrary: line('XADD', key, oneOf('1-*', '2-*', '5-*', '7-*', '9-*', '9-*'), 'f', value) },
  { weight: 2, arbitrary: line('XADD', key, oneOf('2-1', '7-1', '12'), 'f', value, 'g', value) },
  { weight: 3, arbitrary: line('XDEL', key, many(id, 3)) },
  line('XTRIM', key, 'MAXLEN', oneOf('0', '1', '2', '5')),
  line('XTRIM', key, 'MINID', id),
  line('XSETID', key, oneOf('13', '14-1'), oneOf('', 'ENTRIESADDED 9 MAXDELETEDID 2-1')),
  line('XLEN', key),
  { weight: 6, arbitrary: line('XGROUP CREATE', key, group, oneOf('0', '0', '$', '2-1', '5'), 'MKSTREAM', counter) },
  { weight: 3, arbitrary: line('XGROUP SETID', key, group, oneOf('0', '$', '2-1', '7', '9'), counter) },
  line('XGROUP DESTROY', key, group),
  line('XGROUP DELCONSUMER', key, group, consumer),
  { weight: 4, arbitrary: line('XACK', key, group, many(id, 3)) },
  { weight: 2, arbitrary: line('XPENDING', key, group) },
  line('COPY', key, key, oneOf('', 'REPLACE')),
  line('RENAME', key, key),
  line(oneOf('DEL', 'TYPE', 'DEBUG DIGEST-VALUE'), key),
  line('SET', key, integer),
);

const pending = line('XPENDING', key, group, oneOf('', 'IDLE 100000'), bound, bound, oneOf('10', '2'), oneOf('', 'a'));

const reading: Words = fc.oneof(
  {
    weight: 4,
    arbitrary: line('XREADGROUP GROUP', group, consumer, count, oneOf('', '', 'NOACK'), 'STREAMS', key, '>'),
  },
  { weight: 2, arbitrary: line('XREADGROUP GROUP', group, consumer, count, 'STREAMS', key, id) },
  line('XREADGROUP GROUP', group, consumer, count, 'STREAMS', key, key, fc.oneof(id, oneOf('>')), '>'),
  { weight: 3, arbitrary: line('XCLAIM', key, group, consumer, minIdle, many(id, 3), idle, claimOption) },
  { weight: 3, arbitrary: line('XAUTOCLAIM', key, group, consumer, minIdle, bound, count, oneOf('', 'JUSTID')) },
  line('XINFO CONSUMERS', key, group),
  { weight: 2, arbitrary: line('XINFO GROUPS', key) },
  line('XINFO STREAM', key, 'FULL', oneOf('', 'COUNT 2')),
);

export const streamGroupCommand: fc.Arbitrary<StepLike> = fc.oneof(
  { weight: 38, arbitrary: plain },
  { weight: 3, arbitrary: pending.map((command) => approx(command, 3000)) },
  { weight: 17, arbitrary: reading.map((command) => masked(command, 'new-consumers')) },
  {
    weight: 1,
    arbitrary: line('XGROUP CREATECONSUMER', key, group, consumer).map((command) =>
      masked(command, 'new-consumers', 'integers'),
    ),
  },
);
