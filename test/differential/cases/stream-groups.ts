// Consumer groups of streams: reading with `>` and from history, pending entries, claiming, what XINFO tells.
import {
  differing,
  differs,
  answer,
  approx,
  blocks,
  expected,
  masked,
  on,
  t,
  type Case,
  type Step,
  type StepLike,
} from '../steps.js';

const maxInt64 = '9223372036854775807';
const entries = (...ids: readonly string[]): string[] => ids.map((id) => `XADD s ${id} f v${id}`);
/** A stream with four entries, and a group at its beginning. */
const stream = [...entries('1-1', '1-2', '2', '3-7'), 'XGROUP CREATE s g 0'];
const read = (consumer: string, rest: string): string => `XREADGROUP GROUP g ${consumer} ${rest}`;
const readNew = (consumer: string, count?: number): string =>
  read(consumer, `${count === undefined ? '' : `COUNT ${count} `}STREAMS s >`);
/** Idle times and times of delivery are some ms apart. */
const timed = (line: StepLike): Step => approx(line, 3000);
/** 7.0 may not have the consumer behind it. */
const newConsumer = (line: string): Step => masked(line, 'new-consumers');
const pending = timed('XPENDING s g - + 100');
/** Where the number of deliveries has come to its end. */
const saturated = `*4\r\n*4\r\n$3\r\n1-1\r\n$1\r\nb\r\n:0\r\n:4\r\n*4\r\n$3\r\n1-2\r\n$1\r\nb\r\n:0\r\n:4\r\n*4\r\n$3\r\n2-0\r\n$1\r\nb\r\n:0\r\n:${maxInt64}\r\n*4\r\n$3\r\n3-7\r\n$1\r\nb\r\n:0\r\n:1\r\n`;
const consumers = (line = 'XINFO CONSUMERS s g'): Step => masked(line, 'consumers-of-7.0');
const full = (count = ''): Step => masked(`XINFO STREAM s FULL ${count}`, 'consumers-of-7.0');

const unbalanced =
  "-ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified.\r\n";
const groupsOfNobody = (map: string): string =>
  `*1\r\n${map}\r\n$4\r\nname\r\n$1\r\ng\r\n$9\r\nconsumers\r\n:5\r\n$7\r\npending\r\n:0\r\n$17\r\nlast-delivered-id\r\n$3\r\n3-7\r\n$12\r\nentries-read\r\n$-1\r\n$3\r\nlag\r\n:0\r\n`;

// prettier-ignore
const groups = [
  t('XGROUP CREATE makes a group at an id, at the end, at the beginning',
    ...entries('1-1', '2-2'), 'XGROUP CREATE s a 0', 'XGROUP CREATE s b $', 'XGROUP CREATE s c 1', 'XGROUP CREATE s d 5-5',
    'XGROUP CREATE s e 1-18446744073709551615', 'XINFO GROUPS s', 'XGROUP CREATE s a $'),
  t('XGROUP CREATE makes a stream when asked',
    'XGROUP CREATE s g $', 'EXISTS s', 'XGROUP CREATE s g $ MKSTREAM', 'TYPE s', 'XLEN s', 'XINFO GROUPS s',
    'XGROUP CREATE s h 5 mkstream', 'XGROUP CREATE s g 0 MKSTREAM', 'XINFO GROUPS s', 'XADD s 7 a b', 'DEL s'),
  t('XGROUP CREATE takes a count of entries read',
    ...stream, 'XGROUP CREATE s a 0 ENTRIESREAD 3', 'XGROUP CREATE s b 1-2 ENTRIESREAD 0', `XGROUP CREATE s c 2 entriesread ${maxInt64}`,
    'XGROUP CREATE s d 2 ENTRIESREAD -1', 'XGROUP CREATE s e 2 ENTRIESREAD -2', 'XGROUP CREATE s e 2 ENTRIESREAD x',
    'XGROUP CREATE s e 2 ENTRIESREAD', 'XGROUP CREATE s e 2 MKSTREAM ENTRIESREAD 1', differs('XINFO GROUPS s', 'lag-8.0')),
  t('XGROUP CREATE says what is wrong, the options first',
    'SET str v', 'XGROUP CREATE str g 0', 'XGROUP CREATE str g 0 FOO', 'XGROUP CREATE str g x', 'XGROUP CREATE no g x', 'XGROUP CREATE no g 0 FOO',
    'XGROUP CREATE no g x MKSTREAM', 'EXISTS no', ...stream, 'XGROUP CREATE s h x', 'XGROUP CREATE s h -', 'XGROUP CREATE s h +', 'XGROUP CREATE s h 1-x',
    'XGROUP CREATE s h *', 'XGROUP CREATE s g x', 'XGROUP CREATE s h 0 MKSTREAM MKSTREAM MKSTREAM', 'XGROUP CREATE s i 0 MKSTREAM MKSTREAM MKSTREAM MKSTREAM',
    'XGROUP CREATE s i 0 ENTRIESREAD 1 ENTRIESREAD 2', 'XGROUP CREATE s i 0 ENTRIESREAD 1 MKSTREAM ENTRIESREAD 2', 'XINFO GROUPS s'),
  t('XGROUP needs its arguments',
    'XGROUP', 'XGROUP CREATE', 'XGROUP CREATE s g', 'XGROUP SETID s g', 'XGROUP DESTROY s', 'XGROUP DESTROY s g h', 'XGROUP CREATECONSUMER s g',
    'XGROUP CREATECONSUMER s g c d', 'XGROUP DELCONSUMER s g', 'XGROUP DELCONSUMER s g c d', 'XGROUP HELP me', 'XGROUP NOTHING', 'XGROUP NOTHING s g c'),
  t('XGROUP subcommands need a stream',
    'XGROUP SETID s g 0', 'XGROUP DESTROY s g', 'XGROUP CREATECONSUMER s g c', 'XGROUP DELCONSUMER s g c', 'SET s v', 'XGROUP SETID s g 0',
    'XGROUP DESTROY s g', 'XGROUP CREATECONSUMER s g c', 'XGROUP DELCONSUMER s g c'),
  t('XGROUP subcommands but DESTROY need a group',
    ...stream, 'XGROUP SETID s x 0', 'XGROUP DESTROY s x', 'XGROUP CREATECONSUMER s x c', 'XGROUP DELCONSUMER s x c', 'XGROUP SETID s "\\xff\\r\\n\\x00a" x'),
  t('XGROUP SETID moves a group',
    ...stream, readNew('c'), 'XGROUP SETID s g 1-2', 'XINFO GROUPS s', readNew('d'), 'XPENDING s g', 'XGROUP SETID s g 0', 'XINFO GROUPS s',
    'XGROUP SETID s g $', 'XINFO GROUPS s', 'XGROUP SETID s g -', 'XGROUP SETID s g +', 'XINFO GROUPS s', readNew('c'), 'XGROUP SETID s g 2 ENTRIESREAD 3',
    'XINFO GROUPS s', 'XGROUP SETID s g 2 ENTRIESREAD -1', 'XINFO GROUPS s', 'XGROUP SETID s g 2 ENTRIESREAD -5', 'XGROUP SETID s g x',
    'XGROUP SETID s g 2 MKSTREAM', 'XGROUP SETID s g 2 ENTRIESREAD', 'XGROUP SETID s g 2 ENTRIESREAD x', 'XGROUP SETID s g 2 ENTRIESREAD 1 ENTRIESREAD 2'),
  t('XGROUP DESTROY removes a group, and leaves the stream',
    ...stream, readNew('c'), 'XGROUP DESTROY s g', 'XGROUP DESTROY s g', 'XINFO GROUPS s', readNew('c'), 'XLEN s', 'XGROUP CREATE s g 0', 'XPENDING s g'),
  t('XGROUP CREATECONSUMER and DELCONSUMER keep consumers',
    ...stream, 'XGROUP CREATECONSUMER s g c', 'XGROUP CREATECONSUMER s g c', 'XGROUP CREATECONSUMER s g ""', 'XGROUP CREATECONSUMER s g "\\xff\\x00"', 'XGROUP CREATECONSUMER s g B',
    consumers(), readNew('c', 3), 'XGROUP DELCONSUMER s g c', 'XGROUP DELCONSUMER s g c', 'XPENDING s g', consumers(), 'XGROUP DELCONSUMER s g B', 'XINFO GROUPS s',
    readNew('c')),
  t('XGROUP HELP and XINFO HELP tell their subcommands', masked('XGROUP HELP', 'help'), masked('XINFO HELP', 'help'), 'XINFO', 'XINFO NOTHING', 'XINFO HELP me'),
  t('names are bytes',
    ...entries('1', '2'), 'XGROUP CREATE s "\\x00\\xff" 0', 'XGROUP CREATE s "" 0', 'XGROUP CREATE s b 0', 'XGROUP CREATE s B 0', 'XREADGROUP GROUP "\\x00\\xff" "\\xfe\\r\\n" STREAMS s >',
    'XPENDING s "\\x00\\xff"', timed('XPENDING s "\\x00\\xff" - + 10 "\\xfe\\r\\n"'), 'XREADGROUP GROUP "" "" STREAMS s >', 'XPENDING s ""', 'XINFO GROUPS s',
    consumers('XINFO CONSUMERS s "\\x00\\xff"'), 'XREADGROUP GROUP "\\xff\\x00z\\r" c STREAMS s >', 'XINFO CONSUMERS s "z\\x00\\xff"'),
];

// prettier-ignore
const reading = [
  t('XREADGROUP delivers what the group has not seen, once',
    ...stream, readNew('a', 1), readNew('b', 2), readNew('a'), readNew('a'), readNew('b', 1), 'XADD s 9 x y', readNew('b'), 'XPENDING s g', pending, 'XINFO GROUPS s', consumers()),
  t('XREADGROUP reads several streams',
    ...entries('1', '2'), 'XADD r 5 a b', 'XGROUP CREATE s g 0', 'XGROUP CREATE r g 0', read('c', 'COUNT 1 STREAMS s r > >'), read('c', 'STREAMS r s > >'), read('c', 'STREAMS s r > >'),
    read('c', 'STREAMS s r 0 0'), read('c', 'STREAMS s r 0 >'), read('c', 'STREAMS s s > >'), read('c', 'STREAMS s no > >'), 'XGROUP SETID s g 0', read('c', 'STREAMS s s > >')),
  t('XREADGROUP with an id shows what the consumer has pending',
    ...stream, readNew('a', 3), readNew('b'), read('a', 'STREAMS s 0'), read('a', 'COUNT 1 STREAMS s 1-1'), read('a', 'STREAMS s 1'), read('a', 'STREAMS s 3-7'), read('a', 'STREAMS s 18446744073709551614'),
    read('a', 'STREAMS s 18446744073709551615-18446744073709551614'), read('a', 'STREAMS s 18446744073709551615-18446744073709551615'), read('b', 'COUNT 0 STREAMS s 0'), read('b', 'COUNT -3 STREAMS s 0'), read('nobody', 'STREAMS s 0'), pending, consumers(),
    'XACK s g 1-2', read('a', 'STREAMS s 0-1')),
  t('XREADGROUP shows a pending entry that was deleted as null',
    ...stream, readNew('a'), 'XDEL s 1-2 3-7', read('a', 'STREAMS s 0'), 'XTRIM s MAXLEN 0', read('a', 'STREAMS s 0'), read('a', 'COUNT 2 STREAMS s 1-1'), pending, 'XACK s g 1-2', read('a', 'STREAMS s 0')),
  t('XREADGROUP NOACK makes nothing pending',
    ...stream, read('a', 'NOACK COUNT 2 STREAMS s >'), 'XPENDING s g', 'XINFO GROUPS s', consumers(), read('a', 'noack STREAMS s 0'), read('b', 'NOACK STREAMS s >'), 'XGROUP CREATECONSUMER s g c', read('c', 'NOACK STREAMS s >'), consumers(), 'XINFO GROUPS s'),
  t('XREADGROUP gives an entry that is read again to the new reader',
    ...stream, readNew('a'), read('a', 'STREAMS s 0'), 'XGROUP SETID s g 1-1', readNew('b', 2), pending, 'XPENDING s g', readNew('a'), pending, consumers()),
  t('XREADGROUP needs a group',
    'XREADGROUP GROUP g c STREAMS s >', ...entries('1'), 'XREADGROUP GROUP g c STREAMS s >', 'XREADGROUP GROUP g c STREAMS s x', 'XGROUP CREATE s g 0', 'SET str v', 'XREADGROUP GROUP g c STREAMS s str > >', read('c', 'STREAMS s no > >'),
    read('c', 'STREAMS s s > x'), 'XPENDING s g', consumers()),
  ...differing('stream-ids-8.0', t('XREADGROUP says what is wrong',
    ...stream, 'XREADGROUP', 'XREADGROUP GROUP g c STREAMS s', 'XREADGROUP STREAMS s s > >', 'XREADGROUP COUNT 1 NOACK STREAMS s >', 'XREADGROUP GROUP g c COUNT 1 BLOCK 2', 'XREADGROUP GROUP g c FOO 1 STREAMS s >',
    read('c', 'STREAMS s $'), read('c', 'STREAMS s x'), read('c', 'STREAMS s -'), read('c', 'STREAMS s +'), read('c', 'STREAMS s *'), read('c', 'STREAMS s 1-'), read('c', 'COUNT x STREAMS s >'), read('c', `COUNT ${maxInt64}0 STREAMS s >`),
    read('c', 'BLOCK x STREAMS s >'), read('c', 'BLOCK -1 STREAMS s >'), read('c', 'BLOCK 1.5 STREAMS s >'), 'XREADGROUP GROUP g STREAMS s > STREAMS s >', 'XREADGROUP GROUP g c COUNT 1 STREAMS', 'XREAD GROUP g c STREAMS s 0', 'XREAD NOACK STREAMS s 0',
    'XREAD STREAMS s >', 'XGROUP CREATE s streams 0', 'XREADGROUP GROUP streams block STREAMS s >', `XREADGROUP group g c count ${maxInt64} streams s >`)),
  t('XREADGROUP wants as many ids as keys',
    ...stream, expected('XREADGROUP GROUP g c STREAMS s s >', 'unbalanced-streams', unbalanced), 'XPENDING s g'),
  t('XREADGROUP refuses a time that is too long',
    ...stream, 'XGROUP CREATECONSUMER s g c', expected(read('c', `BLOCK ${maxInt64} STREAMS s 0`), 'block-overflow', '-ERR timeout is out of range\r\n')),
  t('XREADGROUP without anything new answers null', ...stream, readNew('c'), readNew('c'), 'XDEL s 3-7', 'XGROUP SETID s g 2', readNew('c'), 'XGROUP SETID s g 99', readNew('c'), 'XTRIM s MAXLEN 0', 'XGROUP SETID s g 0', readNew('c')),
  t('XREADGROUP reads fields of any kind', 'XADD s 1 "" "" "\\x00\\xff" "\\r\\n" a 1 a -5', 'XGROUP CREATE s g 0', readNew('c'), read('c', 'STREAMS s 0'), `XADD s 2 a ${'x'.repeat(5000)}`, readNew('c')),
  t('XACK ends the pending of entries',
    ...stream, readNew('a', 2), readNew('b'), 'XACK s g 1-1', 'XACK s g 1-1', 'XACK s g 1-1 1-2 3-7 3-7 9', 'XPENDING s g', 'XACK s g 2', 'XPENDING s g', consumers()),
  t('XACK of nothing is 0', 'XACK s g 1', ...stream, 'XACK s x 1', 'XACK s g 1', 'XACK s g 5-5', 'XACK no x x'),
  t('XACK acknowledges nothing when an id is wrong', ...stream, readNew('a'), 'XACK s g 1-1 x', 'XACK s g 1-1 -', 'XACK s g + 1-1', 'XACK s x x', 'XPENDING s g'),
  t('XACK needs an id', 'XACK', 'XACK s', 'XACK s g'),
  t('commands on groups refuse a string',
    'SET s v', 'XREADGROUP GROUP g c STREAMS s >', 'XREADGROUP GROUP g c STREAMS s x', 'XACK s g 1', 'XACK s g x', 'XPENDING s g', 'XPENDING s g - + 1', 'XPENDING s g x + 1', 'XCLAIM s g c 0 1', 'XCLAIM s g c x 1', 'XAUTOCLAIM s g c 0 0',
    'XAUTOCLAIM s g c x 0', 'XINFO GROUPS s', 'XINFO CONSUMERS s g', 'XINFO STREAM s'),
];

// prettier-ignore
const pendingEntries = [
  t('XPENDING sums up',
    ...stream, 'XPENDING s g', readNew('b', 1), readNew('a', 2), readNew('C', 1), 'XGROUP CREATECONSUMER s g idle', 'XPENDING s g', 'XACK s g 1-1', 'XPENDING s g', 'XDEL s 1-2', 'XPENDING s g'),
  t('XPENDING lists a range',
    ...stream, readNew('a', 2), readNew('b'), pending, timed('XPENDING s g - + 2'), timed('XPENDING s g 1-2 2 10'), timed('XPENDING s g (1-1 (3-7 10'), timed('XPENDING s g (1 (2 10'), timed('XPENDING s g 1 1 10'), timed('XPENDING s g + - 10'), timed('XPENDING s g - + 0'),
    timed('XPENDING s g - + -1'), timed(`XPENDING s g - + ${maxInt64}`), timed('XPENDING s g - + 10 a'), timed('XPENDING s g - + 1 b'), timed('XPENDING s g - + 10 nobody'), timed('XPENDING s g 2 3 10 a'), timed('XPENDING s g 3 + 10 b')),
  t('XPENDING leaves out what was delivered lately',
    ...stream, readNew('a'), 'XCLAIM s g a 0 1-1 IDLE 100000', timed('XPENDING s g IDLE 50000 - + 10'), timed('XPENDING s g IDLE 0 - + 10'), timed('XPENDING s g IDLE -5 - + 10'), timed('XPENDING s g idle 50000 - + 10 a'), timed('XPENDING s g IDLE 500000 - + 10'),
    timed(`XPENDING s g IDLE ${maxInt64} - + 10`), timed('XPENDING s g IDLE 50000 - + 10 b'), timed('XPENDING s g IDLE 50000 (1-1 + 10')),
  t('XPENDING says what is wrong',
    'XPENDING', 'XPENDING s', 'XPENDING s g', 'XPENDING s g -', 'XPENDING s g - +', 'XPENDING s g - + 1', 'XPENDING s g - + 1 c d', 'XPENDING s g x + 1', 'XPENDING s g - x 1', 'XPENDING s g - + x', 'XPENDING s g x + x', 'XPENDING s g IDLE 1 - +', 'XPENDING s g IDLE x - +', 'XPENDING s g IDLE x - + 1',
    'XPENDING s g IDLE 1 - + x', 'XPENDING s g IDLE 1 - + 1 c d', 'XPENDING s g - + 1 c d e f', 'XPENDING s g (18446744073709551615-18446744073709551615 + 1', 'XPENDING s g - (0 1', 'XPENDING s g (- + 1', 'XPENDING s g - (+ 1', 'XPENDING s g ( + 1', ...stream, 'XPENDING s x', 'XPENDING s x - + 1', 'XPENDING s "x\\x00y" - + 1'),
];

// prettier-ignore
const claiming = [
  t('XCLAIM takes entries over',
    ...stream, readNew('a'), 'XCLAIM s g b 0 1-1 2', 'XPENDING s g', pending, 'XCLAIM s g b 0 1-1', pending, newConsumer('XCLAIM s g c 0 9 5-5'), 'XCLAIM s g b 0 1-2 JUSTID', 'XCLAIM s g b 0 1-2 1-1 1-1 justid', 'XCLAIM s g b 0 2 1-1 1-1 2 2', pending, read('b', 'STREAMS s 0'), read('a', 'STREAMS s 0')),
  t('XCLAIM takes what has been idle long enough',
    ...stream, readNew('a'), 'XCLAIM s g b 100000 1-1 1-2', 'XCLAIM s g a 0 1-1 IDLE 200000', 'XCLAIM s g b 100000 1-1 1-2', 'XCLAIM s g b 100000 1-1 1-2', `XCLAIM s g b ${maxInt64} 1-1`, 'XCLAIM s g b -5 1-2', pending, 'XPENDING s g'),
  t('XCLAIM sets times and counts',
    ...stream, readNew('a'), 'XCLAIM s g b 0 1-1 IDLE 50000', 'XCLAIM s g b 0 1-2 TIME 1000000', 'XCLAIM s g b 0 2 RETRYCOUNT 7', 'XCLAIM s g b 0 3-7 RETRYCOUNT 0 JUSTID', masked('XPENDING s g 1-2 1-2 1', 'shape'), timed('XPENDING s g 1-1 1-1 1'), timed('XPENDING s g 2 + 9'),
    'XCLAIM s g b 0 1-1 IDLE -50000', 'XCLAIM s g b 0 1-2 TIME 99999999999999', `XCLAIM s g b 0 2 IDLE ${maxInt64}`, 'XCLAIM s g b 0 3-7 IDLE 9999999999999 RETRYCOUNT -5', pending, 'XCLAIM s g b 0 1-1 TIME -1', 'XCLAIM s g b 0 1-2 TIME -2', `XCLAIM s g b 0 2 RETRYCOUNT ${maxInt64} IDLE -9223372036854775808`, pending, 'XCLAIM s g b 0 2', expected(pending, 'delivery-counts', saturated), 'XCLAIM s g b 0 2 RETRYCOUNT 1', 'XCLAIM s g b 0 1-1 IDLE 5 IDLE 70000 RETRYCOUNT 1 RETRYCOUNT 3', pending),
  t('XCLAIM FORCE makes entries pending',
    ...stream, 'XCLAIM s g a 0 1-1', 'XCLAIM s g a 0 1-1 FORCE', 'XCLAIM s g a 100000 1-2 FORCE JUSTID', 'XCLAIM s g a 0 9 FORCE', 'XCLAIM s g a 0 2 FORCE RETRYCOUNT 4', pending, 'XINFO GROUPS s', 'XCLAIM s g a 0 FORCE', newConsumer('XCLAIM s g b 0 JUSTID')),
  t('XCLAIM LASTID moves the group on, never back',
    ...stream, 'XGROUP CREATECONSUMER s g a', 'XCLAIM s g a 0 1-1 LASTID 1-2', 'XINFO GROUPS s', 'XCLAIM s g a 0 1-1 LASTID 1-1 FORCE', 'XINFO GROUPS s', 'XCLAIM s g a 0 1-1 lastid 99', 'XINFO GROUPS s', 'XCLAIM s g a 0 1-1 LASTID 0', 'XCLAIM s g a 0 99 LASTID 100', 'XINFO GROUPS s', readNew('a')),
  t('XCLAIM forgets what the stream has no more',
    ...stream, readNew('a'), 'XDEL s 1-2 2', 'XCLAIM s g b 0 1-1 1-2 2 5', 'XPENDING s g', 'XDEL s 1-1', 'XCLAIM s g b 99999 1-1 JUSTID', 'XPENDING s g', 'XCLAIM s g b 0 1-1 FORCE', 'XPENDING s g'),
  t('XCLAIM says what is wrong',
    'XCLAIM', 'XCLAIM s g c 0', 'XCLAIM s g c 0 1', ...stream, readNew('a'), 'XCLAIM s x c 0 1', 'XCLAIM s g c x 1', 'XCLAIM s g c 1.5 1', 'XCLAIM s g c 0 x', 'XCLAIM s g c 0 1-1 x', 'XCLAIM s g c 0 1-1 FORCE 1-2', 'XCLAIM s g c 0 1-1 IDLE', 'XCLAIM s g c 0 1-1 IDLE x', 'XCLAIM s g c 0 1-1 TIME x', 'XCLAIM s g c 0 1-1 TIME', 'XCLAIM s g c 0 1-1 RETRYCOUNT x', 'XCLAIM s g c 0 1-1 RETRYCOUNT',
    'XCLAIM s g c 0 1-1 LASTID x', 'XCLAIM s g c 0 1-1 LASTID', 'XCLAIM s g c 0 -', 'XCLAIM s g c 0 1-1 "a\\x00b"', 'XCLAIM s g c 0 1-1 LASTID 50 FOO', pending, 'XINFO GROUPS s'),
  t('XAUTOCLAIM takes over whatever is idle',
    ...stream, readNew('a'), 'XAUTOCLAIM s g b 100000 0', 'XCLAIM s g a 0 1-1 2 3-7 IDLE 200000', 'XAUTOCLAIM s g b 100000 0 COUNT 2', 'XAUTOCLAIM s g b 100000 3-7 JUSTID', pending, 'XAUTOCLAIM s g b 100000 -', 'XAUTOCLAIM s g c 0 -', 'XAUTOCLAIM s g c 0 +', pending, 'XPENDING s g'),
  t('XAUTOCLAIM goes on from a cursor',
    ...stream, readNew('a'), 'XAUTOCLAIM s g b 0 0 COUNT 1', 'XAUTOCLAIM s g b 0 1-2 count 2 justid', 'XAUTOCLAIM s g b 0 (2 COUNT 2', 'XAUTOCLAIM s g b 0 (3-7', 'XAUTOCLAIM s g b 0 9', 'XAUTOCLAIM s g b 0 1', 'XAUTOCLAIM s g b 0 (1', 'XAUTOCLAIM s g b -10 0-0 COUNT 3 COUNT 1', pending),
  t('XAUTOCLAIM looks at ten times as many entries as it may take',
    ...Array.from({ length: 30 }, (_, i) => `XADD s ${i + 1} a b`), 'XGROUP CREATE s g 0', readNew('a'), newConsumer('XAUTOCLAIM s g b 100000 0 COUNT 1'), 'XAUTOCLAIM s g b 100000 11 COUNT 1', 'XAUTOCLAIM s g b 100000 21 COUNT 1', 'XAUTOCLAIM s g b 100000 22 COUNT 1', 'XAUTOCLAIM s g b 100000 0 COUNT 2', 'XAUTOCLAIM s g b 100000 0'),
  t('XAUTOCLAIM tells which entries the stream has no more, and forgets them',
    ...entries('1', '2', '3', '4', '5', '6'), 'XGROUP CREATE s g 0', readNew('a'), 'XDEL s 1 3 5 6', 'XAUTOCLAIM s g b 0 0 COUNT 2', 'XAUTOCLAIM s g b 99999 3 JUSTID', 'XPENDING s g', 'XAUTOCLAIM s g b 0 0', 'XTRIM s MAXLEN 0', 'XAUTOCLAIM s g b 0 0 COUNT 1', 'XAUTOCLAIM s g b 0 0 COUNT 1', 'XAUTOCLAIM s g b 0 0', 'XPENDING s g', consumers()),
  t('XAUTOCLAIM says what is wrong',
    'XAUTOCLAIM', 'XAUTOCLAIM s g c 0', 'XAUTOCLAIM s g c 0 0', ...stream, 'XAUTOCLAIM s x c 0 0', 'XAUTOCLAIM s g c x 0', 'XAUTOCLAIM s g c 0 x', 'XAUTOCLAIM s g c 0 0 COUNT', 'XAUTOCLAIM s g c 0 0 COUNT 0', 'XAUTOCLAIM s g c 0 0 COUNT x', 'XAUTOCLAIM s g c 0 0 COUNT -1', `XAUTOCLAIM s g c 0 0 COUNT ${maxInt64}`, 'XAUTOCLAIM s g c 0 0 COUNT 576460752303423488', 'XAUTOCLAIM s g c 0 0 FOO',
    'XAUTOCLAIM s g c 0 (18446744073709551615-18446744073709551615', 'XAUTOCLAIM s g c 0 (-', newConsumer('XAUTOCLAIM s g c 0 (0')),
  t('reading and claiming make the consumer even when there is nothing for it',
    ...stream, newConsumer('XCLAIM s g c 0 1-1'), masked('XGROUP CREATECONSUMER s g c', 'new-consumers', 'integers'),
    newConsumer('XAUTOCLAIM s g d 0 0'), newConsumer('XCLAIM s g e 0 FORCE'), 'XGROUP SETID s g $', newConsumer(readNew('f')), newConsumer(read('g', 'NOACK BLOCK 1 STREAMS s >')),
    expected('XINFO GROUPS s', 'new-consumers', groupsOfNobody('*12'), groupsOfNobody('%6').replaceAll('$-1', '_'))),
];

// prettier-ignore
const information = [
  t('XINFO GROUPS follows a group',
    ...entries('1', '2', '3', '4', '5'), 'XINFO GROUPS s', 'XGROUP CREATE s g 0', 'XINFO GROUPS s', readNew('a', 1), 'XINFO GROUPS s', readNew('b', 2), 'XINFO GROUPS s', 'XADD s 6 a b', 'XINFO GROUPS s', readNew('b'), 'XINFO GROUPS s', 'XACK s g 1 2 3', 'XINFO GROUPS s'),
  t('the lag is unknown in the middle, and known at the ends',
    ...entries('1', '2', '3', '4', '5'), 'XGROUP CREATE s a 0', 'XGROUP CREATE s b 1', 'XGROUP CREATE s c 3', 'XGROUP CREATE s d 5', 'XGROUP CREATE s e 9', 'XGROUP CREATE s f 0-1', 'XINFO GROUPS s', 'XREADGROUP GROUP c x COUNT 1 STREAMS s >', 'XREADGROUP GROUP a x COUNT 1 STREAMS s >', 'XINFO GROUPS s', 'XREADGROUP GROUP c x STREAMS s >', 'XINFO GROUPS s'),
  t('deleted entries make the lag unknown until they are behind',
    ...entries('1', '2', '3', '4', '5'), 'XGROUP CREATE s g 0', 'XGROUP CREATE s h 0', readNew('a', 1), 'XDEL s 3', 'XINFO GROUPS s', readNew('a', 1), 'XINFO GROUPS s', readNew('a', 1), 'XINFO GROUPS s', readNew('a', 1), 'XINFO GROUPS s', 'XDEL s 5', 'XINFO GROUPS s', 'XADD s 7 a b', 'XINFO GROUPS s', readNew('a', 1), 'XINFO GROUPS s'),
  ...differing('lag-8.0', t('trimming keeps the lag',
    ...entries('1', '2', '3', '4', '5'), 'XGROUP CREATE s g 0', 'XTRIM s MAXLEN 3', differs('XINFO GROUPS s', 'lag-8.0'), readNew('a', 1), 'XINFO GROUPS s', 'XTRIM s MAXLEN 1', 'XINFO GROUPS s', 'XTRIM s MAXLEN 0', 'XINFO GROUPS s', 'XADD s 9 a b', 'XINFO GROUPS s', 'XDEL s 9', 'XINFO GROUPS s', 'XSETID s 50 ENTRIESADDED 100 MAXDELETEDID 20', 'XINFO GROUPS s', 'XGROUP CREATE s h 30', 'XGROUP CREATE s i 10', 'XINFO GROUPS s')),
  t('XINFO GROUPS and CONSUMERS need a stream and a group', 'XINFO GROUPS s', 'XINFO CONSUMERS s g', 'XADD s 1 a b', 'XINFO GROUPS s', 'XINFO CONSUMERS s g', 'XGROUP CREATE s g 0', 'XINFO CONSUMERS s g', 'XINFO GROUPS', 'XINFO GROUPS s g', 'XINFO CONSUMERS', 'XINFO CONSUMERS s', 'XINFO CONSUMERS s g c', 'xinfo groups s'),
  t('XINFO CONSUMERS lists names, pending entries and idle times',
    ...stream, readNew('b', 1), readNew('a', 2), 'XGROUP CREATECONSUMER s g C', readNew('d'), readNew('d'), consumers()),
  t('XINFO CONSUMERS tells since when a consumer was given nothing',
    'XGROUP CREATE s g $ MKSTREAM', newConsumer(readNew('c')),
    expected(masked('XINFO CONSUMERS s g', 'shape'), 'consumer-times',
      '*1\r\n*8\r\n$1\r\n?\r\n$1\r\n?\r\n$1\r\n?\r\n:?\r\n$1\r\n?\r\n:?\r\n$1\r\n?\r\n:?\r\n',
      '*1\r\n%4\r\n$1\r\n?\r\n$1\r\n?\r\n$1\r\n?\r\n:?\r\n$1\r\n?\r\n:?\r\n$1\r\n?\r\n:?\r\n')),
  t('XINFO STREAM FULL shows groups',
    ...stream, full(), 'XGROUP CREATE s h 1', readNew('b', 1), readNew('a', 2), 'XREADGROUP GROUP h z STREAMS s >', full(), full('COUNT 1'), full('COUNT 0'), 'XDEL s 2', full()),
  t('groups go where their stream goes',
    ...stream, readNew('a', 2), 'RENAME s r', 'XPENDING r g', 'COPY r s', pending, 'XINFO GROUPS s', consumers(), 'XACK r g 1-1', 'XPENDING s g', 'XPENDING r g', 'XREADGROUP GROUP g b STREAMS r >', 'XINFO GROUPS s', 'XPENDING s g', 'MOVE s 1', 'SELECT 1', pending, 'XREADGROUP GROUP g b STREAMS s >', 'DEBUG DIGEST-VALUE s'),
];

const noKey = "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n";
const block = (consumer: string, rest = 'BLOCK 0 STREAMS s >'): Step =>
  blocks(on(consumer, newConsumer(read(consumer, rest))));
const waiting = ['XGROUP CREATE s g $ MKSTREAM', block('b')];
const gone = (line: string, reply = noKey): StepLike[] => [line, expected(answer('b'), 'unblocked-readers', reply)];

// prettier-ignore
const blocking = [
  t('a blocked XREADGROUP is answered by XADD', ...waiting, 'XADD s 1 a b', answer('b'), pending, 'XINFO GROUPS s', consumers()),
  t('clients blocked in XREADGROUP are served in order, one entry each',
    ...waiting, block('c'), block('d'), 'XADD s 1 a 1', 'XADD s 2 a 2', answer('b'), answer('c'), pending, 'XADD s 3 a 3', answer('d'), pending, 'XPENDING s g'),
  t('of clients of two groups each is served', ...waiting, 'XGROUP CREATE s h $', blocks(on('c', 'XREADGROUP GROUP h c BLOCK 0 STREAMS s >')), blocks(on('d', 'XREAD BLOCK 0 STREAMS s $')), 'XADD s 1 a 1', answer('b'), answer('c'), answer('d'), 'XINFO GROUPS s'),
  t('a blocked XREADGROUP keeps its options',
    ...waiting, block('c', 'COUNT 1 BLOCK 0 NOACK STREAMS s >'), 'XADD s 1 a 1', 'XADD s 2 a 2', answer('b'), 'XADD s 3 a 3', answer('c'), pending, 'XINFO GROUPS s'),
  t('a blocked XREADGROUP waits for several streams',
    'XGROUP CREATE s g $ MKSTREAM', 'XGROUP CREATE r g $ MKSTREAM', block('b', 'BLOCK 0 STREAMS s r > >'), 'XADD r 1 a b', answer('b'), 'XPENDING r g', 'XPENDING s g'),
  t('XREADGROUP does not block when there is something, history included',
    ...stream, read('c', 'BLOCK 0 STREAMS s >'), read('c', 'BLOCK 0 STREAMS s 0'), read('d', 'BLOCK 0 STREAMS s 0')),
  t('XREADGROUP waits no longer than its time', ...stream.slice(0, 1), 'XGROUP CREATE s g $', 'XGROUP CREATECONSUMER s g c', read('c', 'BLOCK 10 STREAMS s >'), read('c', 'COUNT 3 BLOCK 1 NOACK STREAMS s >'), consumers()),
  t('what happens to groups and entries wakes no reader',
    ...waiting, 'XGROUP CREATE s h 0', 'XGROUP CREATECONSUMER s g x', 'XADD r 1 a b', 'XGROUP DELCONSUMER s g x', 'XGROUP DESTROY s h', 'XADD s 6 a b', answer('b')),
  t('XGROUP SETID shows a blocked reader nothing before the next entry', ...entries('1', '2'), 'XGROUP CREATE s g $', block('b'), 'XGROUP SETID s g 1', 'XADD s 3 a b', answer('b')),
  t('a blocked reader hears that the key was deleted', ...waiting, ...gone('DEL s')),
  t('a blocked reader hears that the key was renamed', ...waiting, ...gone('RENAME s r')),
  t('a blocked reader hears that the database was flushed', ...waiting, ...gone('FLUSHDB')),
  t('a blocked reader hears that the databases were swapped', ...waiting, ...gone('SWAPDB 0 1')),
  t('a blocked reader hears that the group was destroyed', ...waiting, ...gone('XGROUP DESTROY s g')),
  t('a blocked reader hears that the key has another type', ...waiting, ...gone('SET s v', '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n')),
  t('a blocked reader can be unblocked', ...waiting, 'CLIENT UNBLOCK $id(b)', answer('b'), block('b'), 'CLIENT UNBLOCK $id(b) ERROR', answer('b'), 'XPENDING s g'),
];

export const streamGroups: readonly Case[] = [
  ...groups,
  ...reading,
  ...pendingEntries,
  ...claiming,
  ...information,
  ...blocking,
];
