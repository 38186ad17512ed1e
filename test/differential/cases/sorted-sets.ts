// Sorted sets: members one by one, ranges, removing by range; as a listpack and, where it matters, as a skiplist too.
// What works on several of them, and pops, is in sorted-set-algebra.ts.
import { differing, differs, expected, t } from '../steps.js';

const maxInt64 = '9223372036854775807';
const minInt64 = '-9223372036854775808';
const small = 'CONFIG SET zset-max-listpack-entries 4';
const long = (length: number): string => 'x'.repeat(length);
/** `count` members with scores from `from` on. */
const pairs = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, i) => `${i + from} m${i + from}`).join(' ');
/** `count` members with the same score. */
const ties = (count: number, score = 0): string =>
  Array.from({ length: count }, (_, i) => `${score} ${String.fromCharCode(97 + (i % 26))}${i < 26 ? '' : i}`).join(' ');
const five = 'ZADD z 1 a 2 b 3 c 4 d 5 e';
const letters = 'ZADD l 0 a 0 b 0 c 0 d 0 e 0 bb 0 "" 0 "\\xff"';

// prettier-ignore
const adding = [
  t('ZADD adds members and changes scores',
    'ZADD z 1 a', 'ZADD z 2 a 3 b', 'ZADD z 3 b', 'ZRANGE z 0 -1 WITHSCORES', 'ZADD z 1 c 1 c 2 c', 'ZSCORE z c',
    'ZADD z 0 "" 7 "\\x00\\xff\\r\\n"', 'ZRANGE z 0 -1 WITHSCORES'),
  t('ZADD CH counts changed scores too', 'ZADD z CH 1 a', 'ZADD z CH 2 a 3 b', 'ZADD z CH 2 a 3 b', 'ZADD z ch 4 a 1 a'),
  t('ZADD NX only adds', 'ZADD z NX 1 a', 'ZADD z NX 2 a 3 b', 'ZADD z NX CH 5 a 5 c', 'ZRANGE z 0 -1 WITHSCORES'),
  t('ZADD XX only changes', 'ZADD z XX 1 a', 'EXISTS z', 'ZADD z 1 a', 'ZADD z XX 2 a 3 b', 'ZADD z XX CH 5 a 5 c',
    'ZRANGE z 0 -1 WITHSCORES'),
  t('ZADD GT only raises, LT only lowers, both add',
    'ZADD z GT 5 a', 'ZADD z GT 4 a 6 b', 'ZADD z GT CH 5 a 7 b', 'ZADD z LT CH 5 a 6 b 1 c', 'ZADD z LT CH 9 a 6 b',
    'ZADD z GT XX CH 9 a 9 d', 'ZADD z LT XX CH 0 a 9 d', 'ZRANGE z 0 -1 WITHSCORES'),
  t('ZADD INCR adds to the score, and answers it',
    'ZADD z INCR 2 a', 'ZADD z INCR 1.5 a', 'ZADD z INCR NX 1 a', 'ZADD z INCR XX 1 b', 'ZADD z INCR XX -1 a',
    'ZADD z INCR GT -1 a', 'ZADD z INCR LT 1 a', 'ZADD z INCR GT 1 a', 'ZADD z INCR LT -10 a', 'ZADD z INCR CH 0 a',
    'ZADD none INCR XX 1 a', 'EXISTS none', 'ZADD z incr nx 3 n', 'ZRANGE z 0 -1 WITHSCORES', 'ZADD z INCR GT 0 a'),
  t('ZADD refuses options that do not go together',
    'ZADD z NX XX 1 a', 'ZADD z NX GT 1 a', 'ZADD z NX LT 1 a', 'ZADD z GT LT 1 a', 'ZADD z GT LT XX NX 1 a',
    'ZADD z INCR 1 a 2 b', 'ZADD z INCR NX XX 1 a 2 b', 'ZADD z NX XX x a', 'EXISTS z'),
  t('ZADD takes options before the pairs only',
    'ZADD z 1 NX', 'ZRANGE z 0 -1 WITHSCORES', 'ZADD z 1 a NX', 'ZADD z NX', 'ZADD z NX 1', 'ZADD z 1 a NX 2',
    'ZADD z NX NX CH CH 1 b', 'ZADD z 1 a 2', 'ZADD z FOO 1 a', 'ZADD z FOO 1'),
  t('ZADD reads scores as doubles',
    'ZADD z 1e3 a 0x10 b +5 c .5 d 5. e -0 f 1.7976931348623157e308 g 4.9e-324 h inf i -inf j +inf k Infinity l -INFINITY m',
    'ZRANGE z 0 -1 WITHSCORES', 'ZADD z 3.14159265358979312 pi 0.1 tenth 1e21 big 123456789012345678 long 1e-7 tiny',
    'ZRANGE z 0 -1 WITHSCORES', 'ZADD z 9007199254740993 odd 4503599627370497 n 9223372036854775807 x 4611686018427387904 y',
    'ZMSCORE z odd n x y', 'ZADD z -4611686018427387904 p -9223372036854775808 q', 'ZMSCORE z p q'),
  t('ZADD refuses what is no score, and then adds nothing',
    'ZADD z x a', 'ZADD z "" a', 'ZADD z " 1" a', 'ZADD z "1 " a', 'ZADD z nan a', 'ZADD z -nan a', 'ZADD z 1e400 a',
    'ZADD z 1 a x b', 'ZADD z 1e-400 a', 'ZADD z "1\\x00" a', 'ZADD z 1,5 a', 'EXISTS z', 'SET s v', 'ZADD s x a'),
  t('ZADD needs a pair', 'ZADD', 'ZADD z', 'ZADD z 1', 'ZADD z NX CH'),
  t('ZADD refuses a string', 'SET s v', 'ZADD s 1 a', 'ZADD s XX 1 a', 'ZADD s NX XX 1 a', 'GET s'),
  t('a score that is the same changes nothing, be it -0',
    'ZADD z 0 a -0 b', 'ZADD z CH -0 a 0 b', 'ZRANGE z 0 -1 WITHSCORES', small, 'ZADD y 0 a -0 b 1 c 2 d 3 e',
    'ZADD y CH -0 a 0 b', 'ZRANGE y 0 -1 WITHSCORES', 'OBJECT ENCODING y'),
  t('ZINCRBY counts from nothing',
    'ZINCRBY z 5 a', 'ZINCRBY z -7.5 a', 'ZINCRBY z 0 b', 'ZINCRBY z 0.1 b', 'ZINCRBY z 0.2 b', 'ZINCRBY z 1e300 c',
    'ZINCRBY z inf d', 'ZINCRBY z 1 d', 'ZRANGE z 0 -1 WITHSCORES'),
  t('ZINCRBY never makes NaN',
    'ZADD z inf a -inf b', 'ZINCRBY z -inf a', 'ZINCRBY z inf b', 'ZADD z INCR -inf a', 'ZADD z XX INCR GT -inf a',
    'ZRANGE z 0 -1 WITHSCORES', small, 'ZADD z 1 c 2 d 3 e', 'OBJECT ENCODING z', 'ZINCRBY z -inf a', 'ZINCRBY z inf a'),
  t('ZINCRBY refuses what is no number', 'ZINCRBY z x a', 'ZINCRBY z "" a', 'ZINCRBY z nan a', 'ZINCRBY z NX a', 'EXISTS z'),
  t('ZINCRBY needs three arguments', 'ZINCRBY z 1', 'ZINCRBY z 1 a 2', 'ZINCRBY z 1 a 2 b'),
  t('ZINCRBY refuses a string', 'SET s v', 'ZINCRBY s 1 a', 'ZINCRBY s x a'),
  t('ZREM removes members, and the key with the last',
    'ZADD z 1 a 2 b 3 c', 'ZREM z a x', 'ZREM z a', 'ZRANGE z 0 -1', 'ZREM z b c c d', 'EXISTS z', 'ZREM z a', 'TYPE z'),
  t('ZREM needs a member', 'ZREM z', 'ZREM'),
  t('ZREM refuses a string', 'SET s v', 'ZREM s a'),
  t('sorted set commands keep the time to live',
    'ZADD z 1 a', 'EXPIREAT z 33177117420', 'ZADD z 2 b', 'ZINCRBY z 1 a', 'ZREM z a', 'ZREMRANGEBYRANK z 1 1',
    'EXPIRETIME z', 'ZREM z b', 'ZADD z 1 a', 'TTL z'),
];

// prettier-ignore
const single = [
  t('ZCARD counts members', 'ZCARD z', five, 'ZCARD z', 'ZREM z a', 'ZCARD z'),
  t('ZCARD needs one key', 'ZCARD', 'ZCARD a b'),
  t('ZCARD refuses a string', 'SET s v', 'ZCARD s'),
  t('ZSCORE answers a score', 'ZADD z 1.5 a inf b -0 c', 'ZSCORE z a', 'ZSCORE z b', 'ZSCORE z c', 'ZSCORE z x', 'ZSCORE none a'),
  t('ZSCORE needs two arguments', 'ZSCORE z', 'ZSCORE z a b'),
  t('ZSCORE refuses a string', 'SET s v', 'ZSCORE s a'),
  t('ZMSCORE answers scores in the order asked', 'ZADD z 1 a 2.25 b', 'ZMSCORE z b x a b', 'ZMSCORE none a b', 'ZMSCORE z ""'),
  t('ZMSCORE needs a member', 'ZMSCORE z', 'ZMSCORE'),
  t('ZMSCORE refuses a string', 'SET s v', 'ZMSCORE s a'),
  t('ZRANK and ZREVRANK answer ranks',
    five, 'ZRANK z a', 'ZRANK z e', 'ZREVRANK z a', 'ZREVRANK z e', 'ZRANK z x', 'ZREVRANK z x', 'ZRANK none a',
    'ZREVRANK none a', 'ZADD z 3 bb', 'ZRANK z c', 'ZREVRANK z c', 'ZRANK z bb'),
  t('ZRANK and ZREVRANK answer ranks in a skiplist',
    small, `ZADD z ${pairs(300)}`, 'ZRANK z m0', 'ZRANK z m150', 'ZRANK z m299', 'ZREVRANK z m0', 'ZREVRANK z m299',
    'ZREVRANK z m70', 'ZRANK z x', 'ZREVRANK z x'),
  t('ZRANK and ZREVRANK answer the score WITHSCORE',
    five,
    expected('ZRANK z b WITHSCORE', 'zrank-withscore', '*2\r\n:1\r\n$1\r\n2\r\n', '*2\r\n:1\r\n,2\r\n'),
    expected('ZREVRANK z b withscore', 'zrank-withscore', '*2\r\n:3\r\n$1\r\n2\r\n', '*2\r\n:3\r\n,2\r\n'),
    expected('ZRANK z x WITHSCORE', 'zrank-withscore', '*-1\r\n', '_\r\n'),
    expected('ZREVRANK none x WITHSCORE', 'zrank-withscore', '*-1\r\n', '_\r\n'),
    expected('ZRANK z b FOO', 'zrank-withscore', '-ERR syntax error\r\n'),
    expected('ZREVRANK z b WITHSCORES', 'zrank-withscore', '-ERR syntax error\r\n'),
    'ZRANK z b WITHSCORE 1'),
  t('ZRANK and ZREVRANK need a member', 'ZRANK z', 'ZREVRANK z', 'ZRANK', 'ZREVRANK'),
  t('ZRANK and ZREVRANK refuse a string', 'SET s v', 'ZRANK s a', 'ZREVRANK s a'),
];

const scoreBounds = [
  '-inf +inf',
  '2 4',
  '(2 4',
  '2 (4',
  '(2 (4',
  '3 3',
  '(3 3',
  '4 2',
  '5 inf',
  '(5 inf',
  '-inf (1',
  '0 0',
];
// What C's strtod makes of it: nothing is 0, blanks may come first, too great is infinite.
const oddBounds = [
  '"" 3',
  '( (',
  '" 2" 3',
  '"\\t2" 0x3',
  '-1e400 1e400',
  '1e-400 3',
  '"2\\x00" 3',
  '"2\\x00x" 3',
  '2. 3.',
  '+2 +3',
];
const badBounds = [
  'x 1',
  '1 x',
  'nan 1',
  '1 nan',
  '"1 " 2',
  '((1 2',
  '[1 2',
  '" " 1',
  '1 "( "',
  '- +',
  '1e 2',
  '0x 2',
  '(nan 1',
];
const lexBounds = [
  '- +',
  '[b [d',
  '(b [d',
  '[b (d',
  '(b (d',
  '+ -',
  '- [c',
  '(c +',
  '[bb (c',
  '[ [',
  '( +',
  '- (',
  '[x +',
  '[b [b',
  '(b (b',
  '- -',
  '+ +',
];
const badLex = ['b d', '[b d', 'b [d', '"" +', '- ""', '-- +', '- ++', '1 2', '-b +', '"-\\x00" "+\\x00"'];
const over = (command: string, ranges: readonly string[], rest = ''): string[] =>
  ranges.map((range) => `${command} ${range} ${rest}`.trim());
/** "max min", for reversed ranges. */
const swapped = (ranges: readonly string[]): string[] => ranges.map((range) => range.split(' ').reverse().join(' '));
const limits = [
  '0 2',
  '1 2',
  '1 -1',
  '0 0',
  '10 5',
  '-1 5',
  '0 -5',
  '2 100',
  `0 ${maxInt64}`,
  `${maxInt64} 1`,
  `${minInt64} 1`,
];
const limited = (command: string): string[] => limits.map((limit) => `${command} LIMIT ${limit}`);
const ranks = [
  '0 -1',
  '1 2',
  '-2 -1',
  '0 0',
  '4 4',
  '5 9',
  '-100 1',
  '2 100',
  '3 1',
  '-1 -3',
  `${minInt64} ${maxInt64}`,
  '-1 0',
  '-1 4',
];
const big = [small, `ZADD z ${pairs(200, -20)}`, `ZADD l ${ties(200)}`];

// prettier-ignore
const ranges = [
  t('ZRANGE answers a range of ranks',
    five, ...over('ZRANGE z', ranks), ...over('ZRANGE z', ranks, 'WITHSCORES'), ...over('ZRANGE z', ranks, 'REV'),
    'ZRANGE z 0 -1 rev withscores', 'ZRANGE none 0 -1', 'ZRANGE none 0 -1 WITHSCORES'),
  t('ZREVRANGE answers a range of ranks from the end',
    five, ...over('ZREVRANGE z', ranks), ...over('ZREVRANGE z', ranks, 'WITHSCORES'), 'ZREVRANGE none 0 -1'),
  t('ZRANGE BYSCORE answers a range of scores',
    five, ...over('ZRANGE z', scoreBounds, 'BYSCORE'), ...over('ZRANGE z', swapped(scoreBounds), 'BYSCORE REV WITHSCORES'),
    ...limited('ZRANGE z -inf inf BYSCORE'), ...limited('ZRANGE z inf -inf REV BYSCORE'), 'ZRANGE none 0 1 BYSCORE'),
  t('ZRANGEBYSCORE and ZREVRANGEBYSCORE answer a range of scores',
    five, ...over('ZRANGEBYSCORE z', scoreBounds), ...over('ZREVRANGEBYSCORE z', swapped(scoreBounds)),
    ...over('ZRANGEBYSCORE z', scoreBounds, 'WITHSCORES'), ...limited('ZRANGEBYSCORE z 2 5'),
    ...limited('ZREVRANGEBYSCORE z 4 -inf WITHSCORES'), 'ZRANGEBYSCORE none 0 1', 'ZREVRANGEBYSCORE none 1 0 WITHSCORES'),
  t('ZRANGE BYLEX answers a range of members with one score',
    letters, ...over('ZRANGE l', lexBounds, 'BYLEX'), ...over('ZRANGE l', swapped(lexBounds), 'BYLEX REV'),
    ...limited('ZRANGE l - + BYLEX'), ...limited('ZRANGE l + - BYLEX REV'), 'ZRANGE none - + BYLEX'),
  t('ZRANGEBYLEX and ZREVRANGEBYLEX answer a range of members with one score',
    letters, ...over('ZRANGEBYLEX l', lexBounds), ...over('ZREVRANGEBYLEX l', swapped(lexBounds)),
    ...limited('ZRANGEBYLEX l [b +'), ...limited('ZREVRANGEBYLEX l + [b'), 'ZRANGEBYLEX none - +', 'ZREVRANGEBYLEX none + -'),
  ...differing('numbers-8.0', t('all ranges serve a skiplist',
    ...big, ...over('ZRANGE z', ranks, 'WITHSCORES'), ...over('ZREVRANGE z', ranks), ...over('ZRANGEBYSCORE z', scoreBounds),
    ...over('ZREVRANGEBYSCORE z', swapped(scoreBounds), 'WITHSCORES'), ...limited('ZRANGEBYSCORE z 2 90'),
    ...limited('ZRANGE z 77.5 -100 BYSCORE REV'), ...over('ZRANGEBYLEX l', lexBounds),
    ...over('ZREVRANGEBYLEX l', swapped(lexBounds)), ...limited('ZRANGE l (c [x BYLEX'), ...limited('ZREVRANGEBYLEX l [x -'))),
  ...differing('numbers-8.0', t('ends of ranges of scores are read as strtod does',
    five, 'ZADD z 0 nul', ...over('ZRANGEBYSCORE z', oddBounds), ...over('ZCOUNT z', oddBounds), ...over('ZRANGEBYSCORE z', badBounds),
    ...over('ZREVRANGEBYSCORE z', badBounds), ...over('ZRANGE z', badBounds, 'BYSCORE'), ...over('ZCOUNT z', badBounds),
    ...over('ZREMRANGEBYSCORE z', badBounds), 'ZRANGEBYSCORE none x 1', 'ZCOUNT none x 1', 'ZREMRANGEBYSCORE none x 1')),
  t('ends of ranges of members are checked',
    letters, ...over('ZRANGEBYLEX l', badLex), ...over('ZREVRANGEBYLEX l', badLex), ...over('ZRANGE l', badLex, 'BYLEX'),
    ...over('ZLEXCOUNT l', badLex), ...over('ZREMRANGEBYLEX l', badLex), 'ZRANGEBYLEX none b d', 'ZLEXCOUNT none b d'),
  t('ZRANGE refuses options that do not go together',
    five, 'ZRANGE z 0 -1 LIMIT 0 1', 'ZRANGE z 0 -1 LIMIT 0 -1', 'ZRANGE z 0 -1 LIMIT 5 -1', 'ZRANGE z - + BYLEX WITHSCORES',
    'ZRANGE z 0 1 BYSCORE BYLEX', 'ZRANGE z 0 1 BYLEX BYSCORE', 'ZRANGE z 0 1 REV REV', 'ZRANGE z 0 1 FOO', 'ZRANGE z 0 1 LIMIT',
    'ZRANGE z 0 1 BYSCORE LIMIT 1', 'ZRANGE z 0 1 BYSCORE LIMIT x 1', 'ZRANGE z 0 1 BYSCORE LIMIT 1 x', 'ZRANGE z a 1',
    'ZRANGE z 1 a', 'ZRANGE z 1.5 2', 'ZRANGE z 0 9223372036854775808', 'ZRANGE z a 1 LIMIT 0 1', 'ZRANGE z - + BYLEX WITHSCORES LIMIT 0 1',
    'ZRANGE none a b', 'ZRANGE none 0 1 FOO', 'ZRANGE z 0 1 WITHSCORES WITHSCORES', 'ZRANGE z 0 5 BYSCORE LIMIT 0 1 LIMIT 1 2'),
  t('the older forms of ZRANGE know their own options only',
    five, 'ZREVRANGE z 0 1 REV', 'ZREVRANGE z 0 1 BYSCORE', 'ZREVRANGE z 0 1 LIMIT 0 1', 'ZREVRANGE z 0 1 LIMIT 0 -1', 'ZREVRANGE z a 1',
    'ZRANGEBYSCORE z 0 1 REV', 'ZRANGEBYSCORE z 0 1 BYLEX', 'ZRANGEBYSCORE z 0 1 LIMIT 1', 'ZRANGEBYSCORE z 0 1 LIMIT a 1',
    'ZREVRANGEBYSCORE z 1 0 BYSCORE', 'ZRANGEBYLEX z - + WITHSCORES', 'ZRANGEBYLEX z - + BYLEX', 'ZREVRANGEBYLEX z + - WITHSCORES',
    'ZREVRANGEBYLEX z + - REV', 'ZRANGEBYSCORE z 0 1 WITHSCORES LIMIT 0 1 FOO'),
  t('ranges need a key and two ends',
    'ZRANGE z 0', 'ZREVRANGE z 0', 'ZRANGEBYSCORE z 0', 'ZREVRANGEBYSCORE z 0', 'ZRANGEBYLEX z -', 'ZREVRANGEBYLEX z +'),
  t('ranges refuse a string',
    'SET s v', 'ZRANGE s 0 -1', 'ZRANGE s a b', 'ZREVRANGE s 0 -1', 'ZRANGEBYSCORE s 0 1', 'ZRANGEBYSCORE s x 1', 'ZREVRANGEBYSCORE s 0 1',
    'ZRANGEBYLEX s - +', 'ZREVRANGEBYLEX s + -'),
  t('ZCOUNT counts a range of scores',
    five, ...over('ZCOUNT z', scoreBounds), 'ZCOUNT none 0 1', ...big, ...over('ZCOUNT z', scoreBounds), 'ZCOUNT z -15 (100.5'),
  t('ZCOUNT needs two ends', 'ZCOUNT z 1', 'ZCOUNT z 1 2 3'),
  t('ZCOUNT refuses a string', 'SET s v', 'ZCOUNT s 0 1', 'ZCOUNT s x 1'),
  t('ZLEXCOUNT counts a range of members',
    letters, ...over('ZLEXCOUNT l', lexBounds), 'ZLEXCOUNT none - +', ...big, ...over('ZLEXCOUNT l', lexBounds)),
  t('ZLEXCOUNT needs two ends', 'ZLEXCOUNT z -', 'ZLEXCOUNT z - + 1'),
  t('ZLEXCOUNT refuses a string', 'SET s v', 'ZLEXCOUNT s - +', 'ZLEXCOUNT s x 1'),
];

const removals = (command: string, name: string, fill: string, bounds: readonly string[]): string[] =>
  bounds.flatMap((range) => [fill, `${command} ${name} ${range}`, `ZRANGE ${name} 0 -1`, `DEL ${name}`]);

// prettier-ignore
const removing = [
  t('ZREMRANGEBYRANK removes a range of ranks', ...removals('ZREMRANGEBYRANK', 'z', five, ranks), 'ZREMRANGEBYRANK none 0 1'),
  t('ZREMRANGEBYSCORE removes a range of scores', ...removals('ZREMRANGEBYSCORE', 'z', five, scoreBounds), 'ZREMRANGEBYSCORE none 0 1'),
  t('ZREMRANGEBYLEX removes a range of members', ...removals('ZREMRANGEBYLEX', 'l', letters, lexBounds), 'ZREMRANGEBYLEX none - +'),
  t('removing by range deletes the key with the last member',
    five, 'ZREMRANGEBYRANK z 0 -1', 'EXISTS z', five, 'ZREMRANGEBYSCORE z 1 5', 'EXISTS z', letters, 'ZREMRANGEBYLEX l - +', 'EXISTS l',
    small, `ZADD z ${pairs(50)}`, 'ZREMRANGEBYRANK z 0 -1', 'EXISTS z'),
  t('removing by range serves a skiplist',
    small, `ZADD z ${pairs(400)}`, 'ZREMRANGEBYRANK z 10 20', 'ZREMRANGEBYRANK z -150 -140', 'ZREMRANGEBYRANK z 5 3', 'ZCARD z',
    'ZREMRANGEBYSCORE z (100 250', 'ZRANGE z 0 -1', 'DEBUG DIGEST-VALUE z', `ZADD l ${ties(300)}`, 'ZREMRANGEBYLEX l [c (m',
    'ZREMRANGEBYLEX l - (a100', 'ZRANGE l 0 -1', 'OBJECT ENCODING l', 'ZADD l 0 new 1 other', 'ZRANGE l 0 -1 WITHSCORES'),
  t('removing by range checks its ends',
    five, 'ZREMRANGEBYRANK z a 1', 'ZREMRANGEBYRANK z 1 a', 'ZREMRANGEBYRANK z 1.5 2', 'ZREMRANGEBYRANK none a 1', 'ZCARD z'),
  t('removing by range needs two ends',
    'ZREMRANGEBYRANK z 0', 'ZREMRANGEBYRANK z 0 1 2', 'ZREMRANGEBYSCORE z 0', 'ZREMRANGEBYSCORE z 0 1 2', 'ZREMRANGEBYLEX z -',
    'ZREMRANGEBYLEX z - + 1'),
  t('removing by range refuses a string',
    'SET s v', 'ZREMRANGEBYRANK s 0 1', 'ZREMRANGEBYRANK s a 1', 'ZREMRANGEBYSCORE s 0 1', 'ZREMRANGEBYSCORE s x 1', 'ZREMRANGEBYLEX s - +',
    'ZREMRANGEBYLEX s x 1'),
];

// prettier-ignore
const encodings = [
  t('a sorted set is a listpack up to its limit of entries',
    small, `ZADD z ${pairs(4)}`, 'OBJECT ENCODING z', 'ZADD z 9 m0', 'OBJECT ENCODING z', 'ZADD z 1 one', 'OBJECT ENCODING z',
    'ZRANGE z 0 -1 WITHSCORES', 'ZREM z m1 m2 m3 one', 'OBJECT ENCODING z', 'ZRANGE z 0 -1 WITHSCORES'),
  t('a sorted set with the default limit is a listpack of 128',
    `ZADD z ${pairs(128)}`, 'OBJECT ENCODING z', 'ZRANGE z 0 -1', 'ZADD z 0.5 more', 'OBJECT ENCODING z', 'ZRANGE z 0 -1 WITHSCORES'),
  t('a member beyond zset-max-listpack-value makes a skiplist',
    `ZADD z 1 ${long(64)}`, 'OBJECT ENCODING z', `ZADD z 2 ${long(65)}`, 'OBJECT ENCODING z', 'ZRANGE z 0 -1 WITHSCORES',
    `ZADD y 1 ${long(65)}`, 'OBJECT ENCODING y', `ZINCRBY x 1 ${long(65)}`, 'OBJECT ENCODING x', `ZADD w 1 a 2 ${long(70000)}`,
    'ZRANGE w 0 -1', `ZRANK w ${long(70000)}`, `ZREM w ${long(70000)}`, 'ZCARD w'),
  t('a parameter change does not convert what is there',
    'ZADD z 1 a 2 b 3 c', 'CONFIG SET zset-max-listpack-entries 2', 'OBJECT ENCODING z', 'ZADD z 9 a', 'OBJECT ENCODING z',
    'ZADD z XX 1 x', 'OBJECT ENCODING z', 'ZADD z 4 d', 'OBJECT ENCODING z'),
  t('entries 0 makes skiplists only', 'CONFIG SET zset-max-listpack-entries 0', 'ZADD z 1 a', 'OBJECT ENCODING z', 'ZRANGE z 0 -1'),
  t('members that are integers are kept to the letter',
    'ZADD z 1 1 2 01 3 -1 4 +1 5 9223372036854775807 6 9223372036854775808 7 "" 8 -0', 'ZRANGE z 0 -1 WITHSCORES', 'ZSCORE z 1',
    'ZSCORE z 01', 'ZADD z 0 1 0 2 0 10 0 9 0 -5 0 1000000', 'ZRANGE z 0 -1', 'ZRANK z 10',
    'ZADD l 0 1 0 10 0 9 0 -5 0 01 0 100', 'ZRANGEBYLEX l (1 [9', 'ZRANGEBYLEX l - [10'),
  t('members with equal scores are in the order of their bytes',
    'ZADD z 1 b 1 a 1 "\\xff" 1 "\\x00" 1 "" 1 aa 1 B 1 "\\x80"', 'ZRANGE z 0 -1', small, 'ZADD z 1 c', 'OBJECT ENCODING z', 'ZRANGE z 0 -1'),
  t('a skiplist serves every command',
    small, `ZADD z ${pairs(150)}`, 'ZADD z CH 75.5 m3 1 m100 1 m100', 'ZADD z NX 1 m5 1 n5', 'ZADD z XX CH 2 m5 2 n6', 'ZADD z GT CH 1 m9 20 m8',
    'ZADD z LT CH 1 m9 20 m7', 'ZADD z INCR 0.5 m50', 'ZADD z INCR NX 0.5 m50', 'ZINCRBY z -1000 m50', 'ZINCRBY z 3 fresh', 'ZSCORE z m50',
    'ZSCORE z x', 'ZMSCORE z m1 x fresh', 'ZREM z m1 x m2 m2', 'ZCARD z', 'ZRANGE z 0 -1 WITHSCORES', 'DEBUG DIGEST-VALUE z', 'COPY z y',
    'ZREM y m3', 'ZCARD z', 'DEBUG DIGEST-VALUE y', 'RENAME y x', 'ZRANGE x 0 3', 'DEBUG DIGEST-VALUE z'),
  ...differing('digest-8.0', t('a listpack has the digest of its pairs',
    'ZADD z 1 a 2.5 b inf c -inf d -0 e 1e21 f 0.1 g', differs('DEBUG DIGEST-VALUE z', 'digest-8.0'), 'COPY z y', 'ZADD y 3 a', 'DEBUG DIGEST-VALUE y z', 'OBJECT ENCODING y')),
];

export const sortedSets = [...adding, ...single, ...ranges, ...removing, ...encodings];
