// Streams without their consumer groups. Ids that the server chooses are made predictable by a last id in the future.
import { differing, differs, answer, blocks, expected, on, t, type Case, type StepLike } from '../steps.js';

const max64 = '18446744073709551615';
const maxId = `${max64}-${max64}`;
const future = '99999999999999';
const long = (length: number): string => 'x'.repeat(length);
const smallNodes = 'CONFIG SET stream-node-max-entries 3';

/** `XADD s 1-1 f v1`, and so on. */
const entries = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, i) => `XADD s ${i + from}-1 f v${i + from}`);

/** Ids in every form, good and bad. */
const idForms = [
  ...[
    '0',
    '1',
    '1-',
    '-1',
    '1-1',
    '01-01',
    '"+1-+2"',
    '" 1- 2"',
    '1--2',
    '1--01',
    '1-1-1',
    '"1 -1"',
    '1-1x',
    'x',
    '""',
  ],
  ...['$', '>', '-', '+', '*', '1-*', '*-1', '(1', max64, `${max64}-0`, `${max64}-${max64}`, '18446744073709551616'],
  ...['1-18446744073709551616', '"1\\x00x"', '"1-1\\x00x"', '"-\\x00"', '1-**', '1.5', '0x10', `1-${'0'.repeat(125)}`],
  ...[
    `1-${'0'.repeat(124)}1`,
    '-0',
    '"-0-1"',
    '1--18446744073709551615',
    '"\\t\\n5"',
    '"5 "',
    '18446744073709551615-*',
  ],
];

const belowDeleted = (line: string): StepLike =>
  expected(
    line,
    'xsetid-below-deleted',
    '-ERR The ID specified in XSETID is smaller than current max_deleted_entry_id\r\n',
  );
const tooSmall = '-ERR The ID specified in XADD is equal or smaller than the target stream top item\r\n';
const unbalanced = "-ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified.\r\n";

// prettier-ignore
const adding = [
  t('XADD with approximate MINID is logged with the first id that is still written down',
    'XADD s 0-1 a 1', 'XADD s MINID 0-2 0-2 a 1', 'XADD s MINID ~ 0-0 5-5 a 1', 'XTRIM s MINID ~ 0-0', 'XRANGE s - +'),
  t('XADD answers the id and keeps the order of ids and fields',
    'XADD s 1-1 a 1 b 2', 'XADD s 1-2 b 2 a 1', 'XADD s 2 c 3', 'XADD s 2-1 a 1 b 2', 'XRANGE s - +', 'XLEN s', 'TYPE s',
    'OBJECT ENCODING s'),
  t('XADD takes fields twice, empty and binary ones, and integers to the letter',
    'XADD s 1-1 a 1 a 2 a 3', 'XADD s 1-2 "" ""', 'XADD s 1-3 "\\x00\\xff" "\\r\\n"',
    'XADD s 1-4 n 0 n 00 n -0 n 127 n 128 n -4096 n -4097 n 32768 n 8388608 n 2147483648 n 9223372036854775807 n 9223372036854775808',
    'XADD s 1-5 0 1', 'XADD s 1-6 0 1', 'XADD s 1-7 00 1', 'XRANGE s - +', 'DEBUG DIGEST-VALUE s'),
  t('XADD of entries with the same and with other fields than the first',
    'XADD s 1-1 temperature 17 pressure 1000', 'XADD s 1-2 temperature 18 pressure 1001',
    'XADD s 1-3 temperature 18 pressure 1001 x y', 'XADD s 1-4 temperature 18', 'XADD s 1-5 pressure 18 temperature 18',
    'XADD s 1-6 temperature 19 pressure 1002', 'XRANGE s - +', 'XREVRANGE s + -', 'DEBUG DIGEST-VALUE s'),
  t('XADD takes large values', `XADD s 1-1 a ${long(5000)}`, `XADD s 1-2 a ${long(70000)} ${long(5000)} b`,
    `XADD s 1-3 a ${long(63)} b ${long(64)} c ${long(127)} d ${long(128)}`, 'XADD s 1-4 a 1', 'XLEN s', 'XRANGE s - +',
    'XINFO STREAM s'),
  t('XADD refuses ids that do not rise',
    'XADD s 5-5 a 1', 'XADD s 5-5 a 1', 'XADD s 5-4 a 1', 'XADD s 4-9 a 1', 'XADD s 0-1 a 1', 'XADD s 5-6 a 1', 'XLEN s'),
  t('XADD refuses 0-0', 'XADD s 0-0 a 1', 'XADD s 0 a 1', 'EXISTS s', 'XADD s 1-1 a 1', 'XADD s 0-0 a 1', 'SET t v',
    'XADD t 0-0 a 1'),
  t('XADD chooses the sequence',
    'XADD s 0-* a 1', 'XADD s 0-* a 1', 'XADD s 5-* a 1', 'XADD s 5-* a 1', 'XADD s 4-* a 1', 'XADD s 6-7 a 1',
    'XADD s 6-* a 1', `XADD s 7-${max64} a 1`, expected('XADD s 7-* a 1', 'xadd-sequence-used-up', tooSmall), 'XADD s 8-* a 1', 'XRANGE s - +'),
  t('XADD with * follows an id of the future',
    `XADD s ${future}-1 a 1`, 'XADD s * a 1', 'XADD s * a 1', `XADD t ${future}-${max64} a 1`, 'XADD t * a 1',
    'XRANGE s - +', 'XRANGE t - +'),
  t('XADD ends at the greatest id',
    `XADD s ${max64}-1 a 1`, `XADD s ${max64}-* a 1`, `XADD s ${maxId} a 1`, 'XADD s * a 1', 'XADD s 1-* a 1',
    `XADD s ${max64}-* a 1`, `XADD s ${maxId} a 1`, 'XRANGE s - +', `XREAD STREAMS s ${max64}-1`,
    `XREAD STREAMS s ${maxId}`),
  ...idForms.map((id) => t(`XADD with the id ${id.slice(0, 30)}`, ...(id === '*' ? [] : [`XADD s ${id} a 1`]), 'XRANGE s - +')),
  t('XADD NOMKSTREAM makes no key', 'XADD s NOMKSTREAM 1-1 a 1', 'EXISTS s', 'XADD s 1-1 a 1', 'XADD s nomkstream 1-2 a 1',
    'XADD s NOMKSTREAM NOMKSTREAM 1-3 a 1', 'XLEN s', 'XADD t NOMKSTREAM * a 1'),
  t('XADD needs an id and pairs',
    'XADD', 'XADD s', 'XADD s 1-1', 'XADD s 1-1 a', 'XADD s 1-1 a 1 b', 'XADD s MAXLEN 5 1-1', 'XADD s MAXLEN 5 1-1 a',
    'XADD s NOMKSTREAM 1-1 a', 'XADD s NOMKSTREAM MAXLEN 1 LIMIT 0', 'XADD s 0-0 a', 'XADD s x a', 'EXISTS s'),
  t('XADD refuses a string', 'SET s v', 'XADD s 1-1 a 1', 'XADD s NOMKSTREAM 1-1 a 1', 'XADD s MAXLEN 1 1-1 a 1', 'GET s'),
  t('XADD keeps the time to live', 'XADD s 1-1 a 1', 'EXPIREAT s 33177117420', 'XADD s 1-2 a 1', 'XDEL s 1-1', 'XTRIM s MAXLEN 0',
    'EXPIRETIME s'),
  t('an empty stream stays', 'XADD s 1-1 a 1', 'XDEL s 1-1', 'EXISTS s', 'XLEN s', 'XRANGE s - +', 'XINFO STREAM s', 'XADD s 1-1 a 1',
    'XADD s 1-2 b 1', 'XRANGE s - +', 'XINFO STREAM s', 'XADD t MAXLEN 0 5-5 a 1', 'XINFO STREAM t', 'DEBUG DIGEST-VALUE t'),
];

// prettier-ignore
const trimming = [
  t('XADD MAXLEN keeps the last entries',
    ...entries(5), 'XADD s MAXLEN 3 6-1 f v', 'XRANGE s - +', 'XADD s MAXLEN = 2 7-1 f v', 'XRANGE s - +',
    'XADD s maxlen 100 8-1 f v', 'XADD s MAXLEN 0 9-1 f v', 'XRANGE s - +', 'XINFO STREAM s'),
  t('XADD MAXLEN ~ takes whole nodes',
    smallNodes, ...entries(10), 'XADD s MAXLEN ~ 5 11-1 f v', 'XINFO STREAM s', 'XADD s MAXLEN ~ 5 12-1 f v', 'XADD s MAXLEN ~ 5 13-1 f v',
    'XRANGE s - +', 'XADD s MAXLEN ~ 0 14-1 f v', 'XRANGE s - +', 'XINFO STREAM s', `XADD s MAXLEN ~ 1 ${future}-* f v`,
    'XADD s MAXLEN ~ 1 * f v', 'XADD s MAXLEN = 1 * f v'),
  t('XADD MAXLEN ~ LIMIT takes as many as the limit',
    smallNodes, ...entries(20), 'XADD s MAXLEN ~ 5 LIMIT 2 21-1 f v', 'XADD s MAXLEN ~ 5 LIMIT 3 22-1 f v',
    'XADD s LIMIT 8 MAXLEN ~ 5 23-1 f v', 'XADD s MAXLEN ~ 5 LIMIT 0 24-1 f v', 'XRANGE s - +'),
  t('XADD MINID drops what is older',
    ...entries(9), 'XADD s MINID 3 10-1 f v', 'XRANGE s - + COUNT 1', 'XADD s MINID = 4-1 11-1 f v', 'XADD s MINID 4-2 12-1 f v',
    'XRANGE s - + COUNT 1', 'XADD s minid 99 13-1 f v', 'XRANGE s - +', 'XINFO STREAM s'),
  t('XADD MINID ~ takes whole nodes',
    smallNodes, ...entries(10), 'XADD s MINID ~ 5 11-1 f v', 'XRANGE s - + COUNT 1', 'XADD s MINID ~ 7 LIMIT 1 12-1 f v',
    'XADD s MINID ~ 7 LIMIT 3 13-1 f v', 'XRANGE s - + COUNT 1', 'XADD s MINID ~ 100 14-1 f v', 'XRANGE s - +',
    `XADD s MINID ~ 3 ${future}-* f v`),
  t('XADD with options that are wrong',
    'XADD s MAXLEN x 1-1 a 1', 'XADD s MAXLEN -1 1-1 a 1', 'XADD s MAXLEN ~ -1 1-1 a 1', 'XADD s MAXLEN 1.5 1-1 a 1',
    'XADD s MAXLEN ~ 1-1 a 1', 'XADD s MAXLEN = x 1-1 a 1', 'XADD s MAXLEN 9223372036854775808 1-1 a 1', 'XADD s MINID x 1-1 a 1',
    'XADD s MINID - 1-1 a 1', 'XADD s MINID 1-* 1-1 a 1', 'XADD s MINID ~ x 1-1 a 1', 'XADD s MAXLEN 1 MINID 1 1-1 a 1',
    'XADD s MINID 1 MAXLEN 1 1-1 a 1', 'XADD s MAXLEN 1 MAXLEN 1 1-1 a 1', 'XADD s MAXLEN 1 LIMIT 1 1-1 a 1',
    'XADD s MAXLEN = 1 LIMIT 0 1-1 a 1', 'XADD s LIMIT 1 1-1 a 1', 'XADD s LIMIT 0 1-1 a 1', 'XADD s MAXLEN ~ 1 LIMIT -1 1-1 a 1',
    'XADD s MAXLEN ~ 1 LIMIT x 1-1 a 1', 'XADD s LIMIT x MAXLEN ~ 1 1-1 a 1', 'XADD s FOO 1-1 a 1', 'XADD s MAXLEN', 'XADD s MINID',
    'XADD s 1-1 MAXLEN 5', 'XADD s MAXLEN ~ 5', 'XRANGE s - +'),
  t('XTRIM MAXLEN answers how many went',
    ...entries(9), 'XTRIM s MAXLEN 9', 'XTRIM s MAXLEN 5', 'XTRIM s MAXLEN = 4', 'XTRIM s maxlen 100', 'XRANGE s - +',
    'XTRIM s MAXLEN 0', 'XTRIM s MAXLEN 0', 'XINFO STREAM s', 'XTRIM missing MAXLEN 5'),
  t('XTRIM ~ takes whole nodes, the first of which may have lost entries',
    smallNodes, ...entries(20), 'XDEL s 1-1 2-1 5-1', 'XTRIM s MAXLEN ~ 16', 'XTRIM s MAXLEN ~ 10 LIMIT 1', 'XTRIM s MAXLEN ~ 10 LIMIT 2',
    'XTRIM s MAXLEN ~ 10 LIMIT 1000', 'XTRIM s MAXLEN ~ 9223372036854775807', 'XINFO STREAM s', 'XTRIM s MINID ~ 14', 'XTRIM s MINID ~ 16-2',
    'XTRIM s MINID ~ 16-0 LIMIT 0', 'XTRIM s MAXLEN ~ 0', 'XINFO STREAM s'),
  t('XTRIM within a node counts entries, not those deleted before',
    ...entries(9), 'XDEL s 2-1 4-1', 'XTRIM s MAXLEN 5', 'XRANGE s - +', 'XDEL s 6-1', 'XTRIM s MINID 7', 'XRANGE s - +', 'XINFO STREAM s'),
  t('XTRIM MINID may leave a node of deleted entries only',
    ...entries(3), 'XDEL s 3-1', 'XTRIM s MINID 3', 'XLEN s', 'XINFO STREAM s', 'XADD s 4-1 f v', 'XRANGE s - +', 'XINFO STREAM s',
    'XTRIM s MAXLEN 0', 'XINFO STREAM s'),
  t('XTRIM ~ without a limit stops after a hundred nodes',
    'CONFIG SET stream-node-max-entries 1', ...entries(120), 'XTRIM s MAXLEN ~ 0', 'XLEN s', 'XTRIM s MINID ~ 110', 'XLEN s'),
  t('XTRIM with options that are wrong',
    ...entries(3), 'XTRIM s', 'XTRIM s MAXLEN', 'XTRIM s MAXLEN x', 'XTRIM s MAXLEN -1', 'XTRIM s MAXLEN ~ -5', 'XTRIM s MAXLEN ~',
    'XTRIM s MAXLEN 1 LIMIT 5', 'XTRIM s MAXLEN = 1 LIMIT 0', 'XTRIM s MAXLEN ~ 1 LIMIT -1', 'XTRIM s MAXLEN ~ 1 LIMIT', 'XTRIM s LIMIT 5',
    'XTRIM s LIMIT 0', 'XTRIM s LIMIT 0 MAXLEN', 'XTRIM s FOO 5', 'XTRIM s MAXLEN 1 FOO', 'XTRIM s MAXLEN 1 MINID 1', 'XTRIM s MINID x', 'XTRIM s MINID +',
    'XTRIM s NOMKSTREAM 5', 'XTRIM s * 5', 'XTRIM missing MAXLEN x', 'XLEN s', 'XTRIM s MAXLEN ~ ~ 5', 'XTRIM s MAXLEN = = 5'),
  t('XTRIM needs a strategy', 'XTRIM', 'XTRIM s', 'XTRIM s MAXLEN'),
  t('XTRIM refuses a string', 'SET s v', 'XTRIM s MAXLEN 5', 'XTRIM s MAXLEN x'),
  t('nodes end by bytes as well as by entries',
    'CONFIG SET stream-node-max-bytes 300', ...entries(60), 'XINFO STREAM s', `XADD s 61-1 f ${long(200)}`, `XADD s 62-1 f ${long(400)}`,
    'XADD s 63-1 f v', 'XINFO STREAM s', 'XTRIM s MAXLEN ~ 3', 'CONFIG SET stream-node-max-bytes 0', 'CONFIG SET stream-node-max-entries 0',
    ...entries(200, 70), 'XINFO STREAM s', 'XTRIM s MAXLEN ~ 1'),
];

// prettier-ignore
const deleting = [
  t('XDEL deletes entries that are there', ...entries(5), 'XDEL s 2-1', 'XDEL s 2-1 3-1 9-9', 'XDEL s 4', 'XRANGE s - +', 'XDEL s 1-1',
    'XDEL s 5-1 5-1', 'XLEN s', 'EXISTS s', 'XINFO STREAM s', 'XDEL missing 1-1'),
  t('XDEL deletes in nodes at the front, in the middle and at the end',
    smallNodes, ...entries(12), 'XDEL s 5-1 4-1 6-1', 'XINFO STREAM s', 'XDEL s 1-1 2-1 3-1', 'XINFO STREAM s', 'XDEL s 10-1 11-1 12-1',
    'XINFO STREAM s', 'XRANGE s - +', 'XREVRANGE s + -', 'XADD s 13-1 f v', 'XRANGE s - +', 'XINFO STREAM s'),
  t('XDEL with ids that are none deletes nothing',
    ...entries(3), 'XDEL s 1-1 x', 'XDEL s - 1-1', 'XDEL s + 1-1', 'XDEL s *', 'XDEL s 1-*', 'XDEL s ""', 'XLEN s', 'XDEL missing x'),
  t('XDEL needs an id', 'XDEL', 'XDEL s'),
  t('XDEL refuses a string', 'SET s v', 'XDEL s 1-1', 'XDEL s x'),
  t('XLEN counts entries', 'XLEN s', ...entries(3), 'XLEN s'),
  t('XLEN needs one key', 'XLEN', 'XLEN a b'),
  t('XLEN refuses a string', 'SET s v', 'XLEN s'),
  t('streams are copied, renamed and deleted', ...entries(5), 'COPY s t', 'XDEL s 1-1', 'XADD t 9-9 a b', 'XRANGE t - +', 'RENAME t u', 'XLEN t',
    'XRANGE u - + COUNT 2', 'MOVE u 1', 'DEL s', 'XLEN s', 'DEBUG DIGEST'),
];

// prettier-ignore
const ranges = [
  t('XRANGE answers entries between two ids, both included',
    'XADD s 1-1 a 1', 'XADD s 1-2 a 2', 'XADD s 2-1 a 3', 'XADD s 2-5 a 4', 'XADD s 3-0 a 5', 'XRANGE s - +', 'XRANGE s 1 2', 'XRANGE s 1-2 2-1',
    'XRANGE s 2 2', 'XRANGE s 2-2 2-4', 'XRANGE s 3 1', 'XRANGE s + -', 'XRANGE s 3 3', 'XRANGE s 4 +', 'XRANGE s - 0', 'XRANGE s - -', 'XRANGE s + +',
    `XRANGE s 0-0 ${maxId}`, 'XRANGE missing - +'),
  t('XRANGE leaves out ends with a parenthesis',
    ...entries(5), 'XRANGE s (1-1 (4-1', 'XRANGE s (1 (4', 'XRANGE s (2-1 +', 'XRANGE s - (2-1', `XRANGE s (1-${max64} 2`, 'XRANGE s (0 (1-2',
    `XRANGE s (${maxId} +`, 'XRANGE s - (0-0', 'XRANGE s - (0', 'XRANGE s (- +', 'XRANGE s - (+', 'XRANGE s ( +', 'XRANGE s - (', 'XRANGE s ((1 +',
    'XRANGE s (x +', `XREVRANGE s (4-1 (1-1`, 'XREVRANGE s (5 (1', `XREVRANGE s + (${maxId}`, 'XREVRANGE s (0-0 -'),
  t('XRANGE with a count', ...entries(5), 'XRANGE s - + COUNT 2', 'XRANGE s - + COUNT 100', 'XRANGE s - + COUNT 0', 'XRANGE s - + COUNT -1',
    'XRANGE s - + COUNT -9223372036854775808', 'XRANGE s - + COUNT 9223372036854775807', 'XRANGE s - + count 1 COUNT 2', 'XRANGE missing - + COUNT 0',
    'XREVRANGE s + - COUNT 2', 'XREVRANGE s + - COUNT 0'),
  t('XRANGE with arguments that are wrong', ...entries(2), 'XRANGE s - + COUNT', 'XRANGE s - + COUNT x', 'XRANGE s - + FOO 1', 'XRANGE s - + COUNT 1 FOO',
    'XRANGE s x +', 'XRANGE s - x', 'XRANGE s x y', 'XRANGE s - + COUNT 9223372036854775808', 'XRANGE s 1-* +', 'XRANGE s $ +', 'XREVRANGE s x -',
    'XREVRANGE s + x', 'XREVRANGE s - +'),
  ...idForms.map((id) => t(`XRANGE and XREVRANGE with the id ${id.slice(0, 30)}`, ...entries(5), `XRANGE s ${id} +`, `XRANGE s - ${id}`,
    `XREVRANGE s ${id} -`, `XREVRANGE s + ${id}`)),
  t('XREVRANGE answers in descending order',
    smallNodes, ...entries(10), 'XDEL s 3-1 4-1 5-1 6-1', 'XREVRANGE s + -', 'XREVRANGE s 8 2', 'XREVRANGE s 6 3', 'XREVRANGE s 2 8', 'XREVRANGE s + - COUNT 3',
    'XREVRANGE s 0 0', 'XREVRANGE missing + -'),
  t('XRANGE and XREVRANGE need two ids', 'XRANGE', 'XRANGE s', 'XRANGE s -', 'XREVRANGE', 'XREVRANGE s', 'XREVRANGE s +'),
  t('XRANGE and XREVRANGE refuse a string', 'SET s v', 'XRANGE s - +', 'XREVRANGE s + -', 'XRANGE s - + COUNT 0', 'XRANGE s x +'),
];

// prettier-ignore
const reading = [
  t('XREAD answers what is behind an id',
    ...entries(4), 'XADD t 5-5 a 1', 'XREAD STREAMS s 0', 'XREAD STREAMS s 2', 'XREAD STREAMS s 2-1', 'XREAD COUNT 2 STREAMS s 0', 'XREAD STREAMS s 4-1',
    'XREAD STREAMS s t 3-1 0', 'XREAD COUNT 1 STREAMS t missing s 0 0 0', 'XREAD STREAMS missing 0', 'XREAD STREAMS s $', 'XREAD STREAMS s t $ 0',
    'XREAD COUNT 0 STREAMS s 2', 'XREAD COUNT -5 STREAMS s 2', 'XREAD COUNT 1 COUNT 2 STREAMS s 0', 'xread count 1 streams s 0', 'XREAD STREAMS s s 0 3'),
  t('XREAD sees no deleted entry', ...entries(4), 'XDEL s 4-1 2-1', 'XREAD STREAMS s 1-1', 'XREAD STREAMS s 3-1', 'XREAD STREAMS s 0', 'XDEL s 1-1 3-1',
    'XREAD STREAMS s 0'),
  t('XREAD of a stream whose id was set ahead', ...entries(2), 'XSETID s 10-0', 'XREAD STREAMS s 2-1', 'XREAD STREAMS s 1-1', 'XREAD STREAMS s $'),
  t('XREAD with BLOCK and something there answers at once', ...entries(2), 'XREAD BLOCK 0 STREAMS s 0', 'XREAD BLOCK 10 COUNT 1 STREAMS s 1-1',
    'XREAD COUNT 1 BLOCK 10 STREAMS missing s 0 0'),
  t('XREAD with BLOCK answers nothing when time is over', 'XREAD BLOCK 10 STREAMS s $', ...entries(2), 'XREAD BLOCK 1 STREAMS s $',
    'XREAD BLOCK 1 STREAMS s 2-1'),
  ...differing('stream-ids-8.0', t('XREAD with arguments that are wrong', ...entries(1), 'XREAD STREAMS s', expected('XREAD STREAMS s t 0', 'unbalanced-streams', unbalanced), 'XREAD COUNT 1', 'XREAD COUNT 1 STREAMS', 'XREAD BLOCK 1 COUNT 1',
    'XREAD FOO 1 STREAMS s 0', 'XREAD COUNT x STREAMS s 0', 'XREAD COUNT 1.5 STREAMS s 0', 'XREAD BLOCK x STREAMS s 0', 'XREAD BLOCK -1 STREAMS s 0',
    'XREAD BLOCK 1.5 STREAMS s 0', 'XREAD BLOCK 9223372036854775808 STREAMS s 0', 'XREAD STREAMS s x', 'XREAD STREAMS s -', 'XREAD STREAMS s +', 'XREAD STREAMS s *',
    'XREAD STREAMS s >', 'XREAD GROUP g c STREAMS s 0', 'XREAD GROUP g STREAMS s 0', 'XREAD NOACK STREAMS s 0', 'XREAD NOACK COUNT x STREAMS s 0',
    'XREAD STREAMS s missing 0 x', 'XREAD STREAMS s "$\\x00"')),
  ...idForms.map((id) => t(`XREAD with the id ${id.slice(0, 30)}`, ...entries(5),
    id === '+' ? differs('XREAD STREAMS s +', 'stream-ids-8.0') : `XREAD STREAMS s ${id}`)),
  t('XREAD refuses keys and ids that do not go in pairs', ...entries(1), expected('XREAD STREAMS s s 0', 'unbalanced-streams', unbalanced)),
  t('XREAD needs streams', 'XREAD', 'XREAD STREAMS', 'XREAD STREAMS s'),
  t('XREAD refuses a string', 'SET x v', 'XADD s 1-1 a 1', 'XREAD STREAMS x 0', 'XREAD STREAMS s x 0 0', 'XREAD STREAMS x s y 0', 'XREAD STREAMS s x y 0'),
  t('XREAD BLOCK waits for an entry', 'PING', blocks(on('b', 'XREAD BLOCK 0 STREAMS s $')), 'XADD s 1-1 a 1', answer('b'), 'XADD s 1-2 a 1',
    on('b', 'XREAD BLOCK 0 STREAMS s 1-1')),
  t('XREAD BLOCK with $ waits for what comes after it, in any of the streams', ...entries(2),
    blocks(on('b', 'XREAD COUNT 1 BLOCK 0 STREAMS t s u $ $ 0')), 'XADD s 3-1 a 1', answer('b'), blocks(on('b', 'XREAD BLOCK 0 STREAMS t s $ $')),
    'XADD t 1-1 a 1', answer('b')),
  t('XREAD BLOCK waits on while keys are of another type, deleted or trimmed', 'XADD s 1-1 a 1', blocks(on('b', 'XREAD BLOCK 0 STREAMS s 1-1')), 'DEL s', 'SET s v',
    'DEL s', 'XADD s 1-1 a 1', 'XDEL s 1-1', 'XADD s 1-2 a 1', answer('b')),
  t('XREAD BLOCK sees a stream that comes by RENAME or COPY', blocks(on('b', 'XREAD BLOCK 0 STREAMS s 0')), 'XADD t 1-1 a 1', 'RENAME t s', answer('b')),
  t('XREAD BLOCK of several clients is served by one entry', blocks(on('b', 'XREAD BLOCK 0 STREAMS s $')), blocks(on('c', 'XREAD BLOCK 0 STREAMS s $')),
    'XADD s 1-1 a 1', answer('b'), answer('c')),
];

// prettier-ignore
const information = [
  t('XSETID sets the last id and the figures', ...entries(3), 'XSETID s 5-5', 'XINFO STREAM s', 'XADD s 5-5 a 1', 'XADD s 5-6 a 1', 'XSETID s 7 ENTRIESADDED 100',
    'XSETID s 7 ENTRIESADDED 9223372036854775807 MAXDELETEDID 6-6', 'XINFO STREAM s', 'XSETID s 7 maxdeletedid 0-0', 'XSETID s 7 MAXDELETEDID 1-0', 'XINFO STREAM s',
    'XSETID s 9007199254740993-9007199254740993 ENTRIESADDED 9007199254740993', 'XINFO STREAM s', 'XADD s * a 1'),
  t('XSETID of an empty stream takes lower ids', 'XADD s 5-5 a 1', 'XTRIM s MAXLEN 0', 'XSETID s 2-2 ENTRIESADDED 0', 'XINFO STREAM s', 'XADD s 3-3 a 1', 'XADD t 5-5 a 1',
    'XDEL t 5-5', 'XSETID t 5-5 MAXDELETEDID 1-1', 'XSETID t 2-2', 'XADD t 2-2 a 1', 'XADD t 3-3 a 1', 'XRANGE t - +', 'XINFO STREAM t'),
  t('XSETID refuses to go below a deleted id', ...entries(3), 'XDEL s 3-1', belowDeleted('XSETID s 3-0'), 'XADD t 5-5 a 1', 'XDEL t 5-5', belowDeleted('XSETID t 2-2 ENTRIESADDED 3 MAXDELETEDID 1-1')),
  t('XSETID may go below the id of a deleted entry of the same node', ...entries(9), 'XDEL s 8-1 9-1', 'XSETID s 9-1 MAXDELETEDID 1-1', 'XSETID s 7-1', 'XADD s 7-5 a 1', 'XADD s 8-0 a 1',
    'XRANGE s - +', 'XREVRANGE s + -', 'XRANGE s 7-2 7-9', 'XREVRANGE s 7-9 7-2', 'XDEL s 7-5', 'XRANGE s 7 +', 'XADD s 9-1 f v', 'XADD s 10-1 f v', 'XREVRANGE s 9-1 8-0', 'XTRIM s MINID 8',
    'XRANGE s - +', 'XINFO STREAM s'),
  ...differing('stream-ids-8.0', t('XSETID with arguments that are wrong', ...entries(3), 'XSETID s x', 'XSETID s -', 'XSETID s 1-*', 'XSETID s 1-1', 'XSETID s 3-0', 'XSETID s 5 ENTRIESADDED 2',
    'XSETID s 5 ENTRIESADDED -1', 'XSETID s 5 ENTRIESADDED x', 'XSETID s 5 ENTRIESADDED', 'XSETID s 5 MAXDELETEDID 6', 'XSETID s 5 MAXDELETEDID x', 'XSETID s 5 MAXDELETEDID', 'XSETID s 5 FOO',
    'XSETID s 5 FOO 1', 'XSETID missing 5', 'XSETID missing x', 'XSETID missing 5 FOO', 'XSETID s 2-1', 'XINFO STREAM s')),
  t('XSETID needs a key and an id', 'XSETID', 'XSETID s'),
  t('XSETID refuses a string', 'SET s v', 'XSETID s 1-1', 'XSETID s x'),
  t('XINFO STREAM tells about a stream', ...entries(1), 'XINFO STREAM s', ...entries(9, 2), 'XINFO STREAM s', 'XDEL s 1-1 10-1', 'XINFO STREAM s', 'XTRIM s MAXLEN 3', 'XINFO STREAM s',
    'XINFO STREAM missing', 'xinfo stream s'),
  t('XINFO STREAM counts nodes as a radix tree has them', 'CONFIG SET stream-node-max-entries 1', 'XADD s 1-1 f v', 'XADD s 1-2 f v', 'XINFO STREAM s', 'XADD s 1-300 f v', 'XINFO STREAM s',
    'XADD s 256-0 f v', 'XINFO STREAM s', 'XADD s 257-5 f v', 'XADD s 258-5 f v', 'XINFO STREAM s', 'XADD s 16777216-0 f v', 'XADD s 9007199254740993-1 f v', 'XINFO STREAM s', 'XDEL s 256-0 1-2',
    'XINFO STREAM s', `XADD s ${maxId} f v`, 'XINFO STREAM s', ...entries(300, 1).map((line) => line.replace(' s ', ' t ')), 'XINFO STREAM t'),
  t('XINFO STREAM FULL tells entries too', ...entries(12), 'XINFO STREAM s FULL', 'XINFO STREAM s full count 2', 'XINFO STREAM s FULL COUNT 0', 'XINFO STREAM s FULL COUNT -1',
    'XINFO STREAM s FULL COUNT 100'),
  t('XINFO STREAM with arguments that are wrong', ...entries(1), 'XINFO STREAM s FOO', 'XINFO STREAM s FULL COUNT', 'XINFO STREAM s FULL FOO 1', 'XINFO STREAM s FULL COUNT x',
    'XINFO STREAM s FULL COUNT 1 2', 'XINFO STREAM s FOO COUNT 1', 'XINFO STREAM missing FOO'),
  t('XINFO STREAM needs a key', 'XINFO STREAM', 'XINFO', 'XINFO FOO', 'XINFO FOO s'),
  t('XINFO STREAM refuses a string', 'SET s v', 'XINFO STREAM s', 'XINFO STREAM s FULL'),
] satisfies readonly Case[];

const steps: StepLike[] = entries(300);

// prettier-ignore
const big = [
  t('a stream of many nodes serves every command', ...steps, 'XLEN s', 'XRANGE s 99 102', 'XREVRANGE s 202 198', 'XREAD COUNT 3 STREAMS s 250', 'XDEL s 100-1 101-1 200-1', 'XRANGE s 99 102',
    'XINFO STREAM s', 'XTRIM s MAXLEN ~ 150', 'XLEN s', 'XTRIM s MAXLEN 150', 'XRANGE s - + COUNT 1', 'DEBUG DIGEST-VALUE s', 'COPY s t', 'XTRIM s MINID 250', 'DEBUG DIGEST-VALUE s',
    'DEBUG DIGEST-VALUE t'),
];

export const streams: readonly Case[] = [
  ...adding,
  ...trimming,
  ...deleting,
  ...ranges,
  ...reading,
  ...information,
  ...big,
];
